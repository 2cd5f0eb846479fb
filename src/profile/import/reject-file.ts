/** The reject file is bounded: a wrong mapping of a wide table would write more reasons than the table has cells. */
import type { RowProblem } from './map-row.ts';

/** Listed of one row, and of one import. */
export const ROW_PROBLEMS_MAX = 20;
export const IMPORT_PROBLEMS_MAX = 50_000;

export interface ListedProblems {
  readonly listed: readonly RowProblem[];
  readonly left_out: number;
}

/** `problems`: of whole rows, in order. `room`: how many the import may still list. */
export function boundProblems(problems: readonly RowProblem[], room: number): ListedProblems {
  const listed: RowProblem[] = [];
  let left_out = 0;
  for (const of_row of Map.groupBy(problems, (one) => one.row).values()) {
    const shown = of_row.slice(0, ROW_PROBLEMS_MAX);
    const rest = of_row.length - shown.length;
    const lines = rest === 0 ? shown : [...shown, more(of_row[0] as RowProblem, rest)];
    if (listed.length + lines.length > room) left_out += of_row.length;
    else {
      listed.push(...lines);
      left_out += rest;
    }
  }
  return { listed, left_out };
}

const more = ({ row }: RowProblem, rest: number): RowProblem => ({
  row,
  column: '',
  rule: 'more',
  message: `${rest} more cells of this row are refused.`,
  value_type: 'row',
});

const quoted = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export const csvOf = (problems: readonly RowProblem[]): string =>
  [
    'row,column,rule,message,value_type',
    ...problems.map((one) =>
      [one.row, quoted(one.column), one.rule, quoted(one.message), one.value_type].join(','),
    ),
  ].join('\n');
