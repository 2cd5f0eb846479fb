/**
 * Rows as aligned columns: numbers to the right, text to the left, long cells cut. Lists inside a row show their length
 * or their words, objects and empty columns are left out: `--json` has everything.
 */
export function table(whole: readonly Readonly<Record<string, unknown>>[], width_max = 60): string {
  const rows = whole.map(flat);
  const all = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const columns = all.filter((name) => rows.some((row) => cell(row[name], width_max) !== ''));
  const lines = [columns, ...rows.map((row) => columns.map((name) => cell(row[name], width_max)))];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => width(line[i] ?? ''))));
  const right = columns.map((name) =>
    rows.every((row) => row[name] == null || typeof row[name] === 'number'),
  );
  return lines
    .map((line) =>
      line
        .map((text, i) => pad(text, widths[i] ?? 0, right[i] ?? false))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** One object as `name  value` lines. */
export function listing(object: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(object);
  const wide = Math.max(0, ...names.map(width));
  return names.map((name) => `${pad(name, wide, false)}  ${cell(object[name], 400)}`.trimEnd()).join('\n');
}

/** What an operation answers, for people: its list as a table, the rest as lines. */
export function answerText(answer: unknown): string {
  if (!isObject(answer)) return cell(answer, 4_000);
  const entries = Object.entries(answer);
  const [only] = entries;
  if (entries.length === 1 && only !== undefined && isObject(only[1])) return answerText(only[1]);
  const lists = entries.filter((entry): entry is [string, Record<string, unknown>[]] => isRows(entry[1]));
  const rest = Object.fromEntries(entries.filter(([, value]) => !isRows(value)));
  const parts = lists.map(([name, rows]) => {
    const body = rows.length === 0 ? `No ${name.replaceAll('_', ' ')}.` : table(rows);
    return lists.length === 1 ? body : `${name}\n${body}`;
  });
  return [...(Object.keys(rest).length === 0 ? [] : [listing(rest)]), ...parts].join('\n\n');
}

const flat = (row: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) => (isObject(value) ? [] : [[name, flatValue(value)]])),
  );

function flatValue(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return value.some((item) => typeof item === 'object') ? value.length : value.join(', ');
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

const isRows = (value: unknown): value is Record<string, unknown>[] =>
  Array.isArray(value) && value.every(isObject);

function cell(value: unknown, width_max: number): string {
  const text = value == null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
  // Control characters from data must not steer the terminal.
  const safe = text.replaceAll(/\p{Cc}/gu, ' ');
  return safe.length > width_max ? `${safe.slice(0, width_max - 1)}…` : safe;
}

const width = (text: string): number => [...text].length;

const pad = (text: string, wide: number, right: boolean): string =>
  right ? ' '.repeat(wide - width(text)) + text : text + ' '.repeat(wide - width(text));
