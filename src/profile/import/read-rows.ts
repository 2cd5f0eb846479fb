import { separatorOf, withoutQuoted } from '../../kernel/csv.ts';
import { AppError } from '../../kernel/errors.ts';
import type { ImportRow, RowProblem } from './map-row.ts';

/** A row, or why it cannot be read. */
export type ReadRow = ImportRow | RowProblem;

export const isProblem = (row: ReadRow): row is RowProblem => 'rule' in row;

/** Longest row in characters: a quote that is never closed must not swallow the file. */
const ROW_MAX = 1_000_000;
export const COLUMNS_MAX = 500;

const NEVER_CLOSED = 'A quote is opened and never closed: double each quote that is part of a value.';

type Chunks = AsyncIterable<string> | Iterable<string>;

/** `named` is told the header of a table, which may have no rows. */
export const readRows = (
  format: 'csv' | 'ndjson',
  chunks: Chunks,
  named: (header: readonly string[]) => void = () => {},
): AsyncGenerator<ReadRow> => (format === 'csv' ? readTable(chunks, named) : readLines(chunks));

const problem = (row: number, rule: string, message: string): RowProblem => ({
  row,
  column: '',
  rule,
  message,
  value_type: 'row',
});

/** RFC 4180, also with semicolons or tabs, or with CR line ends, which the header tells. Rows are named by their header. */
async function* readTable(
  chunks: Chunks,
  named: (header: readonly string[]) => void,
): AsyncGenerator<ReadRow> {
  let header: readonly string[] | undefined;
  let row = 0;
  for await (const cells of records(chunks)) {
    row += 1;
    if (cells.length === 1 && cells[0] === '') continue;
    if (header === undefined) {
      header = headerOf(cells);
      named(header);
      continue;
    }
    if (cells.length !== header.length) {
      yield problem(
        row,
        'columns',
        `The row has ${cells.length} cells, the header names ${header.length} columns.`,
      );
      continue;
    }
    yield { row, cells: Object.fromEntries(header.map((name, i) => [name, cells[i] ?? ''])) };
  }
}

function headerOf(cells: readonly string[]): readonly string[] {
  const names = cells.map((cell) => cell.trim());
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  const refuse = (message: string) => new AppError('invalid_body', { message, field: 'row 1' });
  if (names.length > COLUMNS_MAX) throw refuse(`The table has more than ${COLUMNS_MAX} columns.`);
  if (names.includes('')) throw refuse('A column of the header has no name.');
  if (twice !== undefined) throw refuse(`Two columns are named ${twice.slice(0, 100)}.`);
  return names;
}

/** Records of a table, cell by cell, over any split into chunks. `whole`: what comes is all there is. */
async function* records(chunks: Chunks, whole = false): AsyncGenerator<string[]> {
  let separator = '';
  let line_end = '\n';
  let cells: string[] = [];
  let cell = '';
  let quoted = false;
  /** The chunk before ended with a quote inside quotes: it closes, or the next one makes it a character. */
  let pending = false;
  let size = 0;
  let began = false;
  let head = '';
  for await (const chunk of chunks) {
    let text = chunk;
    if (separator === '') {
      head += chunk;
      // The first line decides, so it must be there whole.
      if (!whole && !/\n|\r[^\n]/.test(withoutQuoted(head)) && head.length < ROW_MAX) continue;
      separator = separatorOf(head);
      line_end = lineEndOf(head);
      text = head.replace(/^\ufeff/, '');
      head = '';
    }
    for (const character of text) {
      if (++size > ROW_MAX)
        throw new AppError('invalid_body', {
          message: `A row has more than ${ROW_MAX} characters: is a quote never closed?`,
        });
      if (pending) {
        pending = false;
        if (character === '"') {
          cell += '"';
          continue;
        }
        quoted = false;
      }
      if (quoted) {
        if (character === '"') pending = true;
        else cell += character;
      } else if (character === '"' && cell === '') {
        quoted = true;
        began = true;
      } else if (character === separator) {
        cells.push(cell);
        cell = '';
        began = true;
      } else if (character === line_end) {
        cells.push(cell.endsWith('\r') ? cell.slice(0, -1) : cell);
        yield cells;
        cells = [];
        cell = '';
        size = 0;
        began = false;
      } else {
        cell += character;
        began = true;
      }
    }
  }
  if (head !== '') yield* records([`${head.replace(/^\ufeff/, '')}\n`], true);
  // All that follows the quote would be one cell: rows that nobody misses.
  else if (quoted && !pending) throw new AppError('invalid_body', { message: NEVER_CLOSED });
  else if (began) yield [...cells, cell.endsWith('\r') ? cell.slice(0, -1) : cell];
}

/** Programs of old end lines with CR alone. */
const lineEndOf = (text: string): string => (/^[^\n]*?\r(?!\n)[^\n]/.test(withoutQuoted(text)) ? '\r' : '\n');

/** One JSON object a line. */
async function* readLines(chunks: Chunks): AsyncGenerator<ReadRow> {
  let rest = '';
  let row = 0;
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    if (rest.length > ROW_MAX)
      throw new AppError('invalid_body', { message: `A line has more than ${ROW_MAX} characters.` });
    for (const line of lines) {
      row += 1;
      if (line.trim() !== '') yield readLine(line, row);
    }
  }
  if (rest.trim() !== '') yield readLine(rest, row + 1);
}

function readLine(line: string, row: number): ReadRow {
  try {
    const cells: unknown = JSON.parse(row === 1 ? line.replace(/^\ufeff/, '') : line);
    if (typeof cells === 'object' && cells !== null && !Array.isArray(cells))
      return { row, cells: cells as Record<string, unknown> };
  } catch {
    // Said below: the parser's own words repeat the line.
  }
  return problem(row, 'json', 'The line is not a JSON object.');
}
