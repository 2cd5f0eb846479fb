import { Button, FileInput, Group, Modal, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { type Upload, useUploadList } from '../api/matching.ts';
import { ErrorState } from '../elements/error-state.tsx';
import { formatBytes, formatCount } from '../elements/number-format.ts';
import { ColumnMapper } from './column-mapper.tsx';
import { guessIdColumn, type ListFile, partsOf, readListFile, storedName } from './list-file.ts';
import { UploadPreview } from './upload-preview.tsx';

const PART_SIZE = 4_000_000;

/** Choose a file, say what its columns are, look at what would be stored, store it. */
export function UploadList({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Upload a list" size="xl">
      <Form onDone={onClose} />
    </Modal>
  );
}

function Form({ onDone }: { readonly onDone: () => void }) {
  const [file, setFile] = useState<ListFile | undefined>();
  const [mistake, setMistake] = useState('');
  const [file_name, setFileName] = useState('');
  const read = async (chosen: File | null) => {
    setFile(undefined);
    setMistake('');
    if (chosen === null) return;
    setFileName(chosen.name);
    try {
      setFile(readListFile(chosen.name, await chosen.text()));
    } catch (error) {
      setMistake(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <Stack gap="sm">
      <FileInput
        label="File"
        description="CSV with a heading, or NDJSON: one record a line."
        placeholder="Choose a file…"
        size="xs"
        accept=".csv,.ndjson,.jsonl,text/csv"
        onChange={(chosen) => void read(chosen)}
        error={mistake === '' ? undefined : mistake}
      />
      {file !== undefined && <Mapping key={file_name} file={file} file_name={file_name} onDone={onDone} />}
    </Stack>
  );
}

interface MappingProps {
  readonly file: ListFile;
  readonly file_name: string;
  readonly onDone: () => void;
}

function Mapping({ file, file_name, onDone }: MappingProps) {
  const upload = useUploadList();
  const [name, setName] = useState(storedName(file_name.replace(/\.\w+$/, '')));
  const [id_column, setIdColumn] = useState(guessIdColumn(file.columns));
  const [identifier_type, setIdentifierType] = useState('crm_id');
  const [columns, setColumns] = useState<Readonly<Record<string, string>>>(() => guessColumns(file));
  const [checked, setChecked] = useState<Upload | undefined>();
  const [done, setDone] = useState<number | undefined>();
  const change =
    <T,>(set: (value: T) => void) =>
    (value: T) => {
      set(value);
      setChecked(undefined);
    };
  const input = { name, format: file.format, id_column, identifier_type, columns };
  const check = () =>
    upload.mutate(
      { ...input, text: partsOf(file, PART_SIZE)[0] ?? '', dry_run: true },
      { onSuccess: setChecked },
    );
  const store = async () => {
    const parts = partsOf(file, PART_SIZE);
    let accepted = 0;
    for (const [index, text] of parts.entries()) {
      setDone(index / parts.length);
      const answer = await upload.mutateAsync({ ...input, text, append: index > 0 });
      accepted += answer.accepted;
    }
    notifications.show({ message: `${formatCount(accepted)} records of ${name} are stored.` });
    onDone();
  };
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="xs">
        <TextInput
          label="Name of the list"
          description="Rules refer to it"
          value={name}
          onChange={(event) => change(setName)(event.currentTarget.value)}
        />
        <Select
          label="Column with the id"
          description="In its own system"
          allowDeselect={false}
          data={[...new Set(file.columns)]}
          value={id_column}
          onChange={(value) => change(setIdColumn)(value ?? '')}
        />
        <TextInput
          label="Joined as identifier"
          description="Type it gets on a person"
          value={identifier_type}
          onChange={(event) => change(setIdentifierType)(event.currentTarget.value)}
        />
      </SimpleGrid>
      <ColumnMapper
        columns={file.columns}
        id_column={id_column}
        stored_as={columns}
        onChange={change(setColumns)}
      />
      {upload.isError && <ErrorState error={upload.error} />}
      {checked !== undefined && file.text.length > PART_SIZE && (
        <Text size="sm" c="dimmed">
          The file is long: the first {formatBytes(PART_SIZE)} were checked.
        </Text>
      )}
      {checked !== undefined && <UploadPreview upload={checked} name={name} />}
      <Group justify="flex-end" gap="xs">
        {done !== undefined && upload.isPending && (
          <Text size="sm" role="status">
            {Math.round(done * 100)} % sent…
          </Text>
        )}
        <Button variant="default" onClick={check} loading={upload.isPending && done === undefined}>
          Check
        </Button>
        <Button
          onClick={() => void store().catch(() => setDone(undefined))}
          loading={upload.isPending && done !== undefined}
          disabled={checked === undefined || checked.accepted === 0}
        >
          {checked === undefined ? 'Check it first' : 'Store the list'}
        </Button>
      </Group>
    </Stack>
  );
}

/** Two columns that would be stored under one name: the second is left out until somebody names it. */
function guessColumns(file: ListFile): Record<string, string> {
  const taken = new Set<string>();
  return Object.fromEntries(
    file.columns.map((column) => {
      const name = storedName(column);
      const stored_as = taken.has(name) ? '' : name;
      taken.add(name);
      return [column, stored_as];
    }),
  );
}
