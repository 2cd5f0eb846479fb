import { lineEndOf, separatorOf } from '../elements/table-text.ts';

/** A file as it is read in the browser: its kind, its columns, and parts that the server takes. */
export interface ListFile {
  readonly format: 'csv' | 'ndjson';
  readonly text: string;
  readonly columns: readonly string[];
}

/** Throws Error when there is no heading to read. */
export function readListFile(file_name: string, text: string): ListFile {
  const format = /\.(ndjson|jsonl)$/i.test(file_name) || text.trimStart().startsWith('{') ? 'ndjson' : 'csv';
  const columns = format === 'csv' ? headOf(text) : keysOf(text);
  if (columns.length === 0) throw new Error('The file is empty.');
  const twice = columns.find((name, i) => name !== '' && columns.indexOf(name) !== i);
  if (twice !== undefined) throw new Error(`Two columns are named ${twice}.`);
  return { format, text, columns };
}

function headOf(text: string): string[] {
  const columns: string[] = [];
  let cell = '';
  let quoted = false;
  const table = text.replace(/^\uFEFF/, '');
  const separator = separatorOf(table);
  const line_end = lineEndOf(table);
  for (const sign of table) {
    if (sign === '"') quoted = !quoted;
    else if (!quoted && (sign === separator || sign === line_end)) {
      columns.push(cell.trim());
      cell = '';
      if (sign === line_end) return columns;
    } else cell += sign;
  }
  if (cell !== '') columns.push(cell.trim());
  return columns;
}

function keysOf(text: string): string[] {
  const first = text.trimStart().split('\n', 1)[0] ?? '';
  try {
    return Object.keys(JSON.parse(first) as object);
  } catch {
    throw new Error('The first line is not a JSON object.');
  }
}

/** Parts of at most `size_max` characters, cut between rows; each part of a CSV begins with the heading. */
export function partsOf({ format, text }: ListFile, size_max: number): string[] {
  if (text.length <= size_max) return [text];
  const rows = rowEnds(text, format === 'csv');
  const head_end = format === 'csv' ? (rows[0] ?? text.length) : 0;
  const head = text.slice(0, head_end);
  const parts: string[] = [];
  let start = head_end;
  let end = head_end;
  for (const row_end of rows) {
    if (row_end <= head_end) continue;
    if (row_end - start + head.length > size_max && end > start) {
      parts.push(head + text.slice(start, end));
      start = end;
    }
    end = row_end;
  }
  if (end > start) parts.push(head + text.slice(start, end));
  return parts;
}

/** Where each row ends; a line break inside quotes ends none. */
function rowEnds(text: string, quotes: boolean): number[] {
  const ends: number[] = [];
  let quoted = false;
  const line_end = quotes ? lineEndOf(text) : '\n';
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (quotes && sign === '"') quoted = !quoted;
    if (sign === line_end && !quoted) ends.push(at + 1);
  }
  if (ends.at(-1) !== text.length) ends.push(text.length);
  return ends;
}

/** `First Name` as `first_name`: what a column is stored under unless somebody says otherwise. */
export function storedName(column: string): string {
  const name = column
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^[_0-9]+|_+$/g, '');
  return KNOWN[name] ?? (name.slice(0, 40) || 'column');
}

const KNOWN: Readonly<Record<string, string>> = {
  firstname: 'first_name',
  given_name: 'first_name',
  vorname: 'first_name',
  lastname: 'last_name',
  surname: 'last_name',
  family_name: 'last_name',
  nachname: 'last_name',
  e_mail: 'email',
  mail: 'email',
  email_address: 'email',
  mobile: 'phone',
  telephone: 'phone',
  phone_number: 'phone',
  zip: 'postcode',
  zip_code: 'postcode',
  postal_code: 'postcode',
  plz: 'postcode',
  dob: 'date_of_birth',
  birth_date: 'date_of_birth',
  birthday: 'date_of_birth',
};

/** The column that most looks like the id of a record. */
export function guessIdColumn(columns: readonly string[]): string {
  const wanted = [/^(record|rec|crm|customer|contact|member)?[_ -]?id$/i, /id$/i, /number|key|code/i];
  for (const pattern of wanted) {
    const found = columns.find((column) => pattern.test(column));
    if (found !== undefined) return found;
  }
  return columns[0] ?? '';
}
