import { Button, Checkbox, Group, SegmentedControl, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { IMPORT_KINDS, type ImportKind, type Mapping, useImportPreview } from '../api/imports.ts';
import { formatBytes } from '../elements/number-format.ts';
import { QueryState } from '../elements/query-state.tsx';
import { type ChosenFile, readChosen } from './chosen-file.ts';
import { ColumnMapper } from './column-mapper.tsx';
import { DropFile } from './drop-file.tsx';
import { KINDS } from './kind-words.ts';
import { PreviewResult } from './preview-result.tsx';
import { StartImport } from './start-import.tsx';
import { usable } from './targets.ts';

interface Props {
  readonly onStarted: (id: string) => void;
  readonly onCancel: () => void;
}

/** File, columns, check, start: the steps appear as the one before is done. */
export function NewImport({ onStarted, onCancel }: Props) {
  const [kind, setKind] = useState<ImportKind>('people');
  const [chosen, setChosen] = useState<ChosenFile | undefined>();
  const [mistake, setMistake] = useState('');
  const choose = (file: File) =>
    readChosen(file).then(
      (read) => {
        setChosen(read);
        setMistake('');
      },
      (error: unknown) => setMistake(error instanceof Error ? error.message : String(error)),
    );
  return (
    <Stack gap="lg" maw={1080}>
      <Stack gap="xs">
        <Group justify="space-between">
          <Title order={2}>1. The file</Title>
          <Button variant="default" onClick={onCancel}>
            Back to the list
          </Button>
        </Group>
        <SegmentedControl
          aria-label="What the file holds"
          style={{ alignSelf: 'flex-start' }}
          data={IMPORT_KINDS.map((value) => ({ value, label: KINDS[value].label }))}
          value={kind}
          onChange={(value) => setKind(value as ImportKind)}
        />
        <Text size="sm" c="dimmed">
          {KINDS[kind].about}
        </Text>
        <DropFile
          label={chosen === undefined ? undefined : `${chosen.file.name}, ${formatBytes(chosen.file.size)}`}
          mistake={mistake}
          onFile={(file) => void choose(file)}
        />
        {chosen?.encoding === 'windows-1252' && (
          <Text size="sm" c="dimmed">
            The file is not UTF-8 and is read as Windows-1252. Check that accents look right below.
          </Text>
        )}
      </Stack>
      {chosen !== undefined && (
        <Columns key={`${chosen.key}${kind}`} chosen={chosen} kind={kind} onStarted={onStarted} />
      )}
    </Stack>
  );
}

interface ColumnsProps {
  readonly chosen: ChosenFile;
  readonly kind: ImportKind;
  readonly onStarted: (id: string) => void;
}

function Columns({ chosen, kind, onStarted }: ColumnsProps) {
  const [changed, setChanged] = useState<Mapping | undefined>();
  const [event, setEvent] = useState('Store Purchase');
  const [day_first, setDayFirst] = useState(false);
  const settings = { mapping: changed, event: event.trim(), day_first };
  const [settled] = useDebouncedValue(settings, 350);
  const preview = useImportPreview(chosen.key, {
    text: chosen.head,
    format: chosen.format,
    kind,
    day_first: settled.day_first,
    ...(settled.mapping === undefined ? {} : { mapping: usable(settled.mapping) }),
    ...(kind === 'transactions' && settled.event !== '' ? { event: settled.event } : {}),
  });
  return (
    <QueryState query={preview}>
      {(data) => {
        if (data.examined === 0)
          return (
            <Text size="sm" c="var(--pl-red)" role="alert">
              The file has no rows.
            </Text>
          );
        const mapping = changed ?? data.mapping;
        return (
          <>
            <Stack gap="xs">
              <Title order={2}>2. What the columns mean</Title>
              <Text size="sm" c="dimmed">
                {changed === undefined
                  ? 'Guessed from names and values; change what is wrong.'
                  : 'As you set it.'}
              </Text>
              <Group gap="md" align="flex-end">
                {kind === 'transactions' && (
                  <TextInput
                    label="Name of the event, where no column says it"
                    value={event}
                    onChange={(change) => setEvent(change.currentTarget.value)}
                  />
                )}
                <Checkbox
                  size="sm"
                  label="Dates are written day first (03/04 is 3 April)"
                  checked={day_first}
                  onChange={(change) => setDayFirst(change.currentTarget.checked)}
                />
              </Group>
              <ColumnMapper preview={data} mapping={mapping} kind={kind} onChange={setChanged} />
            </Stack>
            <Stack gap="xs">
              <Title order={2}>3. Dry run on the first rows</Title>
              <PreviewResult preview={data} busy={preview.isFetching} />
            </Stack>
            <StartImport
              chosen={chosen}
              plan={{
                kind,
                format: chosen.format,
                mapping,
                day_first,
                ...(kind === 'transactions' && event.trim() !== '' ? { event: event.trim() } : {}),
              }}
              none_accepted={data.examined > 0 && data.accepted === 0}
              onStarted={onStarted}
            />
          </>
        );
      }}
    </QueryState>
  );
}
