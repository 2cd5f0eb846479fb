/** From the text of an uploaded file to records, with the reasons for what is left out. */
import { readCsv, separatorOf } from '../../kernel/csv.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Upload } from './shapes.ts';

export interface ListRecord {
  readonly id: string;
  readonly fields: Readonly<Record<string, string>>;
}

export interface ReadList {
  readonly columns: Upload['columns'];
  readonly records: readonly ListRecord[];
  readonly rejects: Upload['rejects'];
}

interface Row {
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}
type Reject = Upload['rejects'][number];

const ROWS_MAX = 200_000;
const COLUMNS_MAX = 100;
const VALUE_MAX = 1_000;
const ID_MAX = 200;

/** Refuses a text without the id column, or two columns stored under one name; rows that do not fit are rejected one by one. */
export function readList(
  text: string,
  at: { format: 'csv' | 'ndjson'; id_column: string; columns: Readonly<Record<string, string>> },
): ReadList {
  const { names, rows, rejects } = at.format === 'csv' ? csvRows(text) : jsonRows(text);
  if (!names.includes(at.id_column)) {
    const message = `There is no column ${at.id_column}. The file has: ${names.slice(0, 30).join(', ')}.`;
    throw new AppError('invalid_input', { message, field: 'id_column' });
  }
  const columns = storedNames(names, at);
  const records: ListRecord[] = [];
  const seen = new Set<string>();
  for (const { line, cells } of rows) {
    const id = ownText(cells, at.id_column);
    const fields = Object.fromEntries(
      columns.flatMap(({ column, stored_as }) => {
        const value = ownText(cells, column);
        return value === '' || stored_as === '' ? [] : [[stored_as, value]];
      }),
    );
    const problem = problemOf(id, fields, seen);
    if (problem !== undefined) rejects.push({ line, ...problem });
    else records.push({ id, fields });
    seen.add(id);
  }
  return { columns, records, rejects: rejects.sort((a, b) => a.line - b.line) };
}

/** A column may be called `constructor`: what every object has is no cell. */
const ownText = (cells: Row['cells'], column: string): string =>
  Object.hasOwn(cells, column) ? (cells[column] ?? '').trim() : '';

function problemOf(
  id: string,
  fields: Readonly<Record<string, string>>,
  seen: ReadonlySet<string>,
): Omit<Reject, 'line'> | undefined {
  if (id === '') return { reason: 'no_id', detail: 'The id is empty.' };
  if (id.length > ID_MAX)
    return { reason: 'value_too_long', detail: `The id is longer than ${ID_MAX} characters.` };
  if (seen.has(id)) return { reason: 'repeated_id', detail: 'An earlier line has the same id.' };
  const long = Object.entries(fields).find(([, value]) => value.length > VALUE_MAX);
  if (long !== undefined)
    return { reason: 'value_too_long', detail: `${long[0]} is longer than ${VALUE_MAX} characters.` };
  if (Object.keys(fields).length === 0) return { reason: 'all_empty', detail: 'Nothing but the id.' };
  return undefined;
}

function storedNames(
  names: readonly string[],
  { id_column, columns }: { id_column: string; columns: Readonly<Record<string, string>> },
): Upload['columns'] {
  if (names.length > COLUMNS_MAX)
    throw new AppError('invalid_input', {
      message: `The file has more than ${COLUMNS_MAX} columns.`,
      field: 'text',
      limit: COLUMNS_MAX,
    });
  const unknown = Object.keys(columns).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new AppError('invalid_input', {
      message: `There is no column ${unknown} in the file.`,
      field: `columns.${unknown}`,
    });
  const stored = names
    .filter((column) => column !== id_column)
    .map((column) => ({
      column,
      stored_as: Object.hasOwn(columns, column) ? (columns[column] ?? '') : plainName(column),
    }));
  const used = stored.map((one) => one.stored_as).filter((name) => name !== '');
  const twice = used.find((name, i) => used.indexOf(name) !== i);
  if (twice !== undefined)
    throw new AppError('invalid_input', {
      message: `Two columns would be stored as ${twice}: name one of them under columns.`,
      field: 'columns',
    });
  return stored;
}

const plainName = (column: string): string => {
  const plain = column
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  return (/^[a-z]/.test(plain) ? plain : `c_${plain}`).slice(0, 40);
};

function csvRows(text: string): { names: string[]; rows: Row[]; rejects: Reject[] } {
  const table = text.replace(/^\uFEFF/, '');
  const [head, ...lines] = readCsv(table, ROWS_MAX + 1, separatorOf(table));
  const names = (head?.cells ?? []).map((name) => name.trim());
  const twice = names.find((name, i) => name !== '' && names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new AppError('invalid_input', { message: `Two columns are named ${twice}.`, field: 'text' });
  const rejects: Reject[] = [];
  const rows: Row[] = [];
  for (const { line, cells } of lines) {
    const detail = `${cells.length} cells, ${names.length} columns.`;
    if (cells.length < names.length) rejects.push({ line, reason: 'too_few_columns', detail });
    else if (cells.length > names.length) rejects.push({ line, reason: 'too_many_columns', detail });
    else rows.push({ line, cells: Object.fromEntries(names.map((name, i) => [name, cells[i] ?? ''])) });
  }
  return { names, rows, rejects };
}

function jsonRows(text: string): { names: string[]; rows: Row[]; rejects: Reject[] } {
  const lines = text.split(/\r?\n/);
  if (lines.length > ROWS_MAX + 1)
    throw new AppError('batch_too_long', {
      message: `The file has more than ${ROWS_MAX} lines.`,
      limit: ROWS_MAX,
    });
  const names = new Set<string>();
  const rejects: Reject[] = [];
  const rows: Row[] = [];
  for (const [i, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const value = parsed(line);
    if (value === undefined) rejects.push({ line: i + 1, reason: 'not_json', detail: 'Not one JSON value.' });
    else if (value === null || typeof value !== 'object' || Array.isArray(value))
      rejects.push({ line: i + 1, reason: 'not_an_object', detail: 'A record is a JSON object.' });
    else {
      const cells = Object.entries(value).map(([name, cell]) => [name, textOf(cell)] as const);
      for (const [name] of cells) names.add(name);
      rows.push({ line: i + 1, cells: Object.fromEntries(cells) });
    }
  }
  return { names: [...names], rows, rejects };
}

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

const textOf = (value: unknown): string =>
  value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
