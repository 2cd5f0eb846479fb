/** Tables in RFC 4180: commas or another separator, `"` quotes doubled inside quotes, CRLF, LF or CR. */
import { AppError } from './errors.ts';

export interface CsvRow {
  /** Line of the file where the row begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

export const SEPARATORS = [',', ';', '\t'] as const;
export type Separator = (typeof SEPARATORS)[number];

const QUOTED = /(^|[,;\t\r\n])"[^"]*(?:""[^"]*)*(?:"|$)/g;
/** Without what stands in quotes, closed or not. */
export const withoutQuoted = (text: string): string => text.replaceAll(QUOTED, '$1');

/** What parts the cells of the first line: the one that stands there most, outside of quotes. */
export function separatorOf(text: string): Separator {
  const line = withoutQuoted(text).split(/[\n\r]/, 1)[0] ?? '';
  const counts = SEPARATORS.map((mark) => [line.split(mark).length, mark] as const);
  return counts.sort((a, b) => b[0] - a[0])[0]?.[1] ?? ',';
}

/** Empty lines are left out. Refuses a quote that is never closed, and more than `rows_max` rows. */
export function readCsv(text: string, rows_max: number, separator: Separator = ','): CsvRow[] {
  const rows: CsvRow[] = [];
  let cells: string[] = [];
  let line = 1;
  let row_line = 1;
  let at = 0;
  const endRow = (): void => {
    if (cells.length > 1 || cells[0] !== '') rows.push({ line: row_line, cells });
    if (rows.length > rows_max)
      throw new AppError('batch_too_long', {
        message: `The table has more than ${rows_max - 1} rows.`,
        limit: rows_max - 1,
      });
    cells = [];
    row_line = line;
  };
  while (at < text.length) {
    const quoted = text[at] === '"';
    const end = quoted ? closingQuote(text, at + 1, line) : endOfCell(text, at, separator);
    const cell = quoted ? text.slice(at + 1, end).replaceAll('""', '"') : text.slice(at, end);
    if (quoted) line += cell.split('\n').length - 1;
    cells.push(cell);
    // Whatever stands between a closing quote and the next separator is not part of the cell.
    at = endOfCell(text, quoted ? end + 1 : end, separator);
    if (at >= text.length) break;
    const mark = text[at];
    at += mark === '\r' && text[at + 1] === '\n' ? 2 : 1;
    if (mark === separator) {
      if (at >= text.length) cells.push('');
      continue;
    }
    line++;
    endRow();
  }
  if (cells.length > 0) endRow();
  return rows;
}

function closingQuote(text: string, from: number, line: number): number {
  let at = text.indexOf('"', from);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  if (at < 0)
    throw new AppError('invalid_body', {
      message: `The quote opened on line ${line} is never closed.`,
      field: `line ${line}`,
    });
  return at;
}

const ENDS = { ',': /[,\r\n]/g, ';': /[;\r\n]/g, '\t': /[\t\r\n]/g } as const;
function endOfCell(text: string, from: number, separator: Separator): number {
  const ends = ENDS[separator];
  ends.lastIndex = from;
  return ends.exec(text)?.index ?? text.length;
}
