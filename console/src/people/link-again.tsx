import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type Identifier, type LinkAnswer, useLink } from '../api/identity.ts';
import { useMayEdit } from '../api/session.ts';
import { refusalWords } from './drop-words.ts';

/** Takes an unmerge back. */
export function LinkAgain({ identifiers }: { readonly identifiers: readonly Identifier[] }) {
  const link = useLink();
  const may_edit = useMayEdit();
  return (
    <Button
      size="compact-xs"
      variant="default"
      disabled={!may_edit}
      loading={link.isPending}
      onClick={() => link.mutate(identifiers, { onSuccess: sayLinked, onError: sayWhyNot })}
    >
      Link again
    </Button>
  );
}

export function sayLinked({ joined, reason }: LinkAnswer): void {
  notifications.show({
    message: joined
      ? 'They are one person now. Events, traits and segments follow.'
      : `Not joined. ${refusalWords(reason)}`,
    ...(joined ? {} : { color: 'yellow.9' }),
  });
}

export function sayWhyNot(error: Error): void {
  notifications.show({ message: error.message, color: 'red.9' });
}
