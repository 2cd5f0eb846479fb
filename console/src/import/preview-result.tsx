import { Group, Stack, Text } from '@mantine/core';
import type { ImportPreview, RowProblem } from '../api/imports.ts';
import { JsonTree } from '../elements/json-tree.tsx';
import { formatCount } from '../elements/number-format.ts';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { Tag } from '../elements/tag.tsx';

const SHOWN = 3;

export function PreviewResult({
  preview,
  busy,
}: {
  readonly preview: ImportPreview;
  readonly busy: boolean;
}) {
  const refused = preview.examined - preview.accepted;
  return (
    <Stack gap="sm" style={{ opacity: busy ? 0.6 : 1 }}>
      <Group gap="xs" role="status">
        <Tag tone="green">{formatCount(preview.accepted)} would be taken</Tag>
        <Tag tone={refused > 0 ? 'red' : 'grey'}>{formatCount(refused)} would not</Tag>
        <Text size="sm" c="dimmed">
          of the first {formatCount(preview.examined)} rows
        </Text>
      </Group>
      {preview.problems.length > 0 && <Problems problems={preview.problems} />}
      {preview.rows.slice(0, SHOWN).map((row) => (
        <details key={row.row} className="pl-panel" style={{ padding: '8px 12px' }}>
          <summary>
            <Text span size="sm">
              Row {row.row} {row.event === null ? 'is refused' : 'becomes this event'}
            </Text>
          </summary>
          <JsonTree label={`Row ${row.row}`} value={row.event ?? row.cells} />
        </details>
      ))}
    </Stack>
  );
}

export function Problems({ problems }: { readonly problems: readonly RowProblem[] }) {
  return (
    <ScrollTable label="Problems" min_width={560} max_height="300px">
      <thead>
        <tr>
          <th data-number>Row</th>
          <th>Column</th>
          <th>What is wrong</th>
          <th>What stood there</th>
        </tr>
      </thead>
      <tbody>
        {problems.map((problem) => (
          <tr key={`${problem.row} ${problem.column} ${problem.rule}`}>
            <td data-number>{formatCount(problem.row)}</td>
            <td>{problem.column || '–'}</td>
            <td>{problem.message}</td>
            <td>{problem.value_type}</td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
