import { Button, Group, Stack, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { type Definition, useApply } from '../api/definitions.ts';
import { ErrorState } from './error-state.tsx';

interface Props {
  readonly definitions: readonly Definition[];
  readonly disabled: boolean;
  readonly onReleased: () => void;
}

/** Releases what was checked, with a sentence for those who look at the history. */
export function ReleaseForm({ definitions, disabled, onReleased }: Props) {
  const apply = useApply();
  const [message, setMessage] = useState('');
  const release = () =>
    apply.mutate(
      { definitions, message: message.trim() },
      {
        onSuccess: (answer) => {
          notifications.show({ message: `Release ${answer.release.id} is live.` });
          onReleased();
        },
      },
    );
  return (
    <Stack gap="xs">
      <Group gap="xs" align="flex-end">
        <TextInput
          label="What changes, in a sentence"
          style={{ flex: '1 1 220px' }}
          value={message}
          onChange={(event) => setMessage(event.currentTarget.value)}
        />
        <Button onClick={release} loading={apply.isPending} disabled={disabled || message.trim() === ''}>
          Release
        </Button>
      </Group>
      {apply.isError && <ErrorState error={apply.error} />}
    </Stack>
  );
}
