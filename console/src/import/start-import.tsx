import { Button, Group, Progress, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { type ImportPlan, useStartImport } from '../api/imports.ts';
import { ErrorState } from '../elements/error-state.tsx';
import { type ChosenFile, sendFile } from './chosen-file.ts';
import { incomplete } from './targets.ts';

interface Props {
  readonly chosen: ChosenFile;
  readonly plan: ImportPlan;
  readonly none_accepted: boolean;
  readonly onStarted: (id: string) => void;
}

export function StartImport({ chosen, plan, none_accepted, onStarted }: Props) {
  const [name, setName] = useState(chosen.file.name);
  const [sent, setSent] = useState<number | undefined>();
  const [failure, setFailure] = useState<unknown>();
  const start = useStartImport();
  const missing = incomplete(plan.mapping, plan.kind);
  const run = async () => {
    setFailure(undefined);
    setSent(0);
    try {
      const file = await sendFile(chosen, setSent);
      const made = await start.mutateAsync({ name: name.trim(), plan, file });
      onStarted(made.id);
    } catch (error) {
      setFailure(error);
    } finally {
      setSent(undefined);
    }
  };
  const hint =
    missing || (none_accepted ? 'None of the first rows would be taken: see the problems above.' : '');
  return (
    <Stack gap="xs">
      <Title order={2}>4. Import</Title>
      <Group gap="xs" align="flex-end">
        <TextInput
          label="Name in the list of imports"
          style={{ flex: '1 1 220px', maxWidth: 360 }}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button
          onClick={() => void run()}
          loading={sent !== undefined}
          disabled={missing !== '' || none_accepted || name.trim() === ''}
        >
          Import all rows
        </Button>
      </Group>
      <Text size="sm" c="dimmed">
        {hint === ''
          ? 'Rows that are refused are kept in a reject file; the others become events with a fate, like any other. The same import run twice counts once.'
          : hint}
      </Text>
      {sent !== undefined && <Progress value={sent * 100} aria-label="File sent" />}
      {failure !== undefined && <ErrorState error={failure} />}
    </Stack>
  );
}
