import { ScrollTable } from './scroll-table.tsx';

export interface HeatCell {
  /** -1 to 1: how strongly, and to which side, it is coloured; null leaves it empty. */
  readonly heat: number | null;
  readonly text: string;
  readonly title?: string;
}

interface Props {
  readonly label: string;
  /** Heading of the first column. */
  readonly corner: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly name: string; readonly cells: readonly HeatCell[] }[];
  readonly min_width?: number;
}

/** A table whose cells are coloured by their number, which stands in them: it reads without the colour too. */
export function HeatMap({ label, corner, columns, rows, min_width }: Props) {
  return (
    <ScrollTable label={label} min_width={min_width ?? 140 + columns.length * 84}>
      <thead>
        <tr>
          <th>{corner}</th>
          {columns.map((column) => (
            <th key={column} data-number>
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two rows may have one name, and never change places
          <tr key={index}>
            <th scope="row">{row.name}</th>
            {row.cells.map((cell, column) => (
              <td
                key={columns[column]}
                data-number
                title={cell.title}
                style={cell.heat === null ? {} : { background: colourOf(cell.heat) }}
              >
                {cell.text}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

function colourOf(heat: number): string {
  const share = Math.round(Math.min(Math.abs(heat), 1) * 32);
  return `color-mix(in srgb, var(--pl-${heat < 0 ? 'amber' : 'blue'}) ${share}%, transparent)`;
}
