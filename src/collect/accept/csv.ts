/** Tables in RFC 4180: commas, `"` quotes doubled inside quotes, CRLF or LF. */
import { AppError } from '../../kernel/errors.ts';
import type { JsonObject } from '../normalise/json-object.ts';
import { parseJson } from './parse-json.ts';
import { readPath, setPath } from './set-path.ts';

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

const CELL_TYPES = ['text', 'number', 'boolean', 'json'] as const;
type CellType = (typeof CELL_TYPES)[number];

interface Column {
  readonly keys: readonly string[];
  readonly type: CellType;
}

/** A header cell: `properties.price:number`. Without a type a cell is text: nothing is guessed. */
function readColumn(header: string): Column {
  const colon = header.lastIndexOf(':');
  const name = (colon < 0 ? header : header.slice(0, colon)).trim();
  const type = colon < 0 ? 'text' : header.slice(colon + 1).trim();
  if (name === '')
    throw new AppError('invalid_body', {
      message: 'The header row has a column without a name.',
      field: 'line 1',
    });
  const known = CELL_TYPES.find((candidate) => candidate === type);
  if (known === undefined) {
    const message = `Column ${name.slice(0, 100)} has an unknown type: use ${CELL_TYPES.join(', ')}.`;
    throw new AppError('invalid_body', { message, field: 'line 1' });
  }
  return { keys: readPath(name), type: known };
}

export interface TableItem {
  readonly line: number;
  /** An event; or the bare cells, when the row does not fit the header. */
  readonly item: unknown;
}

/** Rows -> items. The header row names paths of the event: `type,userId,event,properties.price:number`. */
export function itemsOfTable(rows: readonly CsvRow[], depth_max: number): TableItem[] {
  const columns = (rows[0]?.cells ?? []).map(readColumn);
  return rows.slice(1).map(({ line, cells }) => {
    if (cells.length !== columns.length) return { line, item: cells };
    const item: JsonObject = {};
    columns.forEach(({ keys, type }, i) => {
      const cell = cells[i] ?? '';
      if (cell !== '') setPath(item, keys, readCell(cell, type, depth_max));
    });
    return { line, item };
  });
}

/** A cell that does not read as its type stays text, for the tracking plan and the steward to see. */
function readCell(cell: string, type: CellType, depth_max: number): unknown {
  if (type === 'number') return Number.isFinite(Number(cell)) && cell.trim() !== '' ? Number(cell) : cell;
  if (type === 'boolean') return cell === 'true' ? true : cell === 'false' ? false : cell;
  if (type !== 'json') return cell;
  try {
    return parseJson(cell, depth_max);
  } catch (error) {
    if (error instanceof AppError && error.code === 'invalid_json') return cell;
    throw error;
  }
}
