import { Button, Group, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { Upload } from '../api/matching.ts';
import { csvText } from '../elements/csv-text.ts';
import { download } from '../elements/download.ts';
import { formatCount } from '../elements/number-format.ts';
import { ScrollTable } from '../elements/scroll-table.tsx';

const REASONS: Readonly<Record<string, string>> = {
  no_id: 'has no id',
  repeated_id: 'id occurs twice',
  too_few_columns: 'too few columns',
  too_many_columns: 'too many columns',
  not_an_object: 'not an object',
  not_json: 'not JSON',
  value_too_long: 'a value is too long',
  all_empty: 'every value is empty',
};

/** The first records as they would be stored, and the lines that would not be. */
export function UploadPreview({ upload, name }: { readonly upload: Upload; readonly name: string }) {
  const fields = [...new Set(upload.sample.flatMap((record) => Object.keys(record.fields)))];
  return (
    <Stack gap="xs" role="status">
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={600}>
          Records that can be stored: {formatCount(upload.accepted)}
          {upload.rejected > 0 && `. Lines that cannot: ${formatCount(upload.rejected)}`}
        </Text>
        {upload.rejects.length > 0 && (
          <Button
            variant="default"
            leftSection={<IconDownload size={14} aria-hidden />}
            onClick={() => download(`${name}-rejected.csv`, 'text/csv', rejectsCsv(upload))}
          >
            Rejected lines
          </Button>
        )}
      </Group>
      {upload.rejects.slice(0, 5).map((reject) => (
        <Text key={reject.line} size="sm">
          Line {formatCount(reject.line)}: {REASONS[reject.reason] ?? reject.reason}
          {reject.detail !== '' && ` (${reject.detail})`}
        </Text>
      ))}
      {upload.sample.length > 0 && (
        <ScrollTable label="First records" min_width={120 + fields.length * 110} max_height="200px">
          <thead>
            <tr>
              <th>Id</th>
              {fields.map((field) => (
                <th key={field}>{field}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {upload.sample.map((record) => (
              <tr key={record.record_id}>
                <td>{record.record_id}</td>
                {fields.map((field) => (
                  <td key={field}>{record.fields[field]}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </ScrollTable>
      )}
    </Stack>
  );
}

const rejectsCsv = ({ rejects }: Upload) =>
  csvText(
    ['line', 'reason', 'detail'],
    rejects.map(({ line, reason, detail }) => [line, REASONS[reason] ?? reason, detail]),
  );
