import { TextInput } from '@mantine/core';
import { ScrollTable } from '../elements/scroll-table.tsx';

interface Props {
  readonly columns: readonly string[];
  readonly id_column: string;
  readonly stored_as: Readonly<Record<string, string>>;
  readonly onChange: (stored_as: Readonly<Record<string, string>>) => void;
}

/** Which column is kept, and under which name the rules see it. */
export function ColumnMapper({ columns, id_column, stored_as, onChange }: Props) {
  return (
    <ScrollTable label="Columns of the file" min_width={340} max_height="240px">
      <thead>
        <tr>
          <th>Column in the file</th>
          <th>Stored as (empty: left out)</th>
        </tr>
      </thead>
      <tbody>
        {columns.map((column) => (
          <tr key={column}>
            <td>
              {column}
              {column === id_column && ' (the id)'}
            </td>
            <td>
              <TextInput
                aria-label={`Stored as, for ${column}`}
                value={stored_as[column] ?? ''}
                error={
                  badName(stored_as[column] ?? '') ? 'Lower-case letters, digits and underscores' : undefined
                }
                onChange={(event) => onChange({ ...stored_as, [column]: event.currentTarget.value })}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

const badName = (name: string): boolean => name !== '' && !/^[a-z][a-z0-9_]{0,39}$/.test(name);
