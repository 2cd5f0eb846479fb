import { Button, FileButton, Group, Stack, Text } from '@mantine/core';
import { IconFileText, IconUpload } from '@tabler/icons-react';
import { useState } from 'react';

interface Props {
  /** Name and size of the file that was chosen. */
  readonly label: string | undefined;
  readonly mistake: string;
  readonly onFile: (file: File) => void;
}

/** A file by button, or dropped here. */
export function DropFile({ label, mistake, onFile }: Props) {
  const [over, setOver] = useState(false);
  return (
    <Stack
      className="pl-panel"
      p="lg"
      gap="xs"
      align="center"
      style={{ borderStyle: 'dashed', ...(over ? { background: 'var(--pl-selected)' } : {}) }}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const file = event.dataTransfer.files[0];
        if (file !== undefined) onFile(file);
      }}
    >
      {label !== undefined && (
        <Group gap={6} wrap="nowrap">
          <IconFileText size={16} aria-hidden />
          <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
            {label}
          </Text>
        </Group>
      )}
      <FileButton
        onChange={(file) => file !== null && onFile(file)}
        accept=".csv,.tsv,.txt,.ndjson,.jsonl,.json"
        inputProps={{ 'aria-label': 'File' }}
      >
        {(props) => (
          <Button
            {...props}
            variant={label === undefined ? 'filled' : 'default'}
            leftSection={<IconUpload size={14} aria-hidden />}
          >
            {label === undefined ? 'Choose a file' : 'Choose another file'}
          </Button>
        )}
      </FileButton>
      <Text size="xs" c="dimmed">
        CSV with a header row, or one JSON object a line (NDJSON). You may also drop it here.
      </Text>
      {mistake !== '' && (
        <Text size="sm" c="var(--pl-red)" role="alert">
          {mistake}
        </Text>
      )}
    </Stack>
  );
}
