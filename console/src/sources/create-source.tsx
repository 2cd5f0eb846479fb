import { Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { SOURCE_TYPES, type Source, useChangeSource } from '../api/sources.ts';
import { ErrorState } from '../elements/error-state.tsx';

const TYPE_LABELS: Record<(typeof SOURCE_TYPES)[number], string> = {
  browser: 'Browser: a web page',
  server: 'Server: your backend',
  mobile: 'Mobile: an app',
  webhook: 'Webhook: another service calls us',
  import: 'Import: files',
};

interface Props {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onCreated: (id: string) => void;
}

export function CreateSource({ opened, onClose, onCreated }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="Create a source" centered>
      <CreateForm onClose={onClose} onCreated={onCreated} />
    </Modal>
  );
}

function CreateForm({ onClose, onCreated }: Omit<Props, 'opened'>) {
  const change = useChangeSource();
  const [name, setName] = useState('');
  const [type, setType] = useState<string>('browser');
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(
      { kind: 'create', name: name.trim(), type },
      {
        onSuccess: (answer) => {
          onClose();
          const id = createdId(answer);
          if (id !== undefined) onCreated(id);
        },
      },
    );
  };
  return (
    <form onSubmit={onSubmit}>
      <Stack gap="sm">
        <TextInput
          data-autofocus
          label="Name"
          description="People see it beside every event, for example “Web shop”."
          required
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          label="Type"
          allowDeselect={false}
          data={SOURCE_TYPES.map((value) => ({ value, label: TYPE_LABELS[value] }))}
          value={type}
          onChange={(value) => setType(value ?? 'browser')}
        />
        {change.isError && <ErrorState error={change.error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={change.isPending} disabled={name.trim() === ''}>
            Create source
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** The answer is the source, bare or under `source`. */
function createdId(answer: unknown): string | undefined {
  const body = answer as { source?: Source } & Partial<Source>;
  return body.source?.id ?? body.id;
}
