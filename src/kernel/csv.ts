/** Tables in RFC 4180: commas, `"` quotes doubled inside quotes, CRLF or LF. */
import { AppError } from './errors.ts';

export interface CsvRow {
  /** Line of the file where the row begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Empty lines are left out. Refuses a quote that is never closed, and more than `rows_max` rows. */
export function readCsv(text: string, rows_max: number): CsvRow[] {
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
    const end = quoted ? closingQuote(text, at + 1, line) : endOfCell(text, at);
    const cell = quoted ? text.slice(at + 1, end).replaceAll('""', '"') : text.slice(at, end);
    if (quoted) line += cell.split('\n').length - 1;
    cells.push(cell);
    // Whatever stands between a closing quote and the next separator is not part of the cell.
    at = endOfCell(text, quoted ? end + 1 : end);
    if (at >= text.length) break;
    const separator = text[at];
    at += separator === '\r' && text[at + 1] === '\n' ? 2 : 1;
    if (separator === ',') {
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

const SEPARATOR = /[,\r\n]/g;
function endOfCell(text: string, from: number): number {
  SEPARATOR.lastIndex = from;
  return SEPARATOR.exec(text)?.index ?? text.length;
}
