import { Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { type Identifier, type Unmerge, useUnmerge } from '../api/identity.ts';
import { useMayEdit } from '../api/session.ts';
import { afterwards } from '../elements/afterwards.ts';
import { Confirm } from '../elements/confirm.tsx';
import { LinkAgain } from './link-again.tsx';

interface Props {
  readonly what: Unmerge;
  /** What is taken out, in words. */
  readonly words: string;
  /** An identifier from each side: linking the two takes the unmerge back. */
  readonly again: Identifier | undefined;
  readonly rest: Identifier | undefined;
}

/** Takes an identifier out of its person, or a merge back; says before what that means, and offers the way back after. */
export function UnmergeButton({ what, words, again, rest }: Props) {
  const [asking, setAsking] = useState(false);
  const unmerge = useUnmerge();
  const may_edit = useMayEdit();
  const whole = 'change_id' in what;
  const run = () =>
    afterwards(unmerge.mutateAsync(what), ({ moved }) => {
      setAsking(false);
      notifications.show({
        autoClose: 15_000,
        message: (
          <Group gap="xs">
            <Text size="sm">
              {moved.length === 1 ? 'One identifier is' : `${moved.length} identifiers are`} on their own now.
            </Text>
            {again !== undefined && rest !== undefined && (
              <LinkAgain identifiers={[again, rest].map(({ type, value }) => ({ type, value }))} />
            )}
          </Group>
        ),
      });
    });
  return (
    <>
      <Button variant="default" size="compact-xs" disabled={!may_edit} onClick={() => setAsking(true)}>
        {whole ? 'Unmerge' : 'Take out of this person…'}
      </Button>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        onConfirm={run}
        busy={unmerge.isPending}
        error={unmerge.error}
        danger
        title={whole ? 'Undo this merge?' : 'Take it out of this person?'}
        verb={whole ? 'Unmerge' : 'Take out'}
      >
        <Stack gap="xs">
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {words} becomes a person of its own again.
          </Text>
          <Text size="sm">
            Its events, sessions, traits and groups go with it, and segments are worked out anew for both.
            Nothing is deleted.
          </Text>
          <Text size="sm">
            From now on nothing joins the two by itself, whatever events say. Linking them again takes this
            back.
          </Text>
        </Stack>
      </Confirm>
    </>
  );
}
