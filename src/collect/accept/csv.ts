/** From a table to events. */
import type { CsvRow } from '../../kernel/csv.ts';
import { AppError } from '../../kernel/errors.ts';
import type { JsonObject } from '../normalise/json-object.ts';
import { parseJson } from './parse-json.ts';
import { readPath, setPath } from './set-path.ts';

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
