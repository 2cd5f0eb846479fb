import { castCell, typeOfCell } from './cast-cell.ts';
import type { ImportPlan, ImportTarget } from './mapping.ts';

const IDENTIFIERS: readonly (readonly [RegExp, string])[] = [
  [/^(user_?id|customer_?id|member_?id)$/, 'user_id'],
  [/^(anonymous_?id|visitor_?id)$/, 'anonymous_id'],
  [/^(crm_?id|contact_?id|account_?no)$/, 'crm_id'],
  [/^(loyalty_?(id|card|no|number)?|card_?(id|no|number))$/, 'loyalty_id'],
  [/^(e_?mail(_?address)?|mail)$/, 'email'],
  [/^(phone(_?number)?|mobile|tel|telephone)$/, 'phone'],
  [/^(e_?mail_?(sha_?256|hash(ed)?)|hashed_?e_?mail)$/, 'email_sha256'],
  [/^(phone_?(sha_?256|hash(ed)?)|hashed_?phone)$/, 'phone_sha256'],
];
const BUILT_IN: ReadonlySet<string> = new Set([...IDENTIFIERS.map(([, type]) => type), 'device_id']);
const TIME =
  /^(timestamp|time|date|datetime|ts|purchased_?at|created_?at|occurred_?at|transaction_?(date|time))$/;
const ROW_ID = /^(transaction_?id|order_?id|receipt_?(id|no|number)|till_?id|row_?id)$/;
const SHA256 = /^[0-9a-f]{64}$/i;
const HUMP = /([a-z0-9])([A-Z])/g;

/** A mapping that suits the names of the columns and the first values; for a person to look over. */
export function suggestMapping(
  columns: readonly string[],
  rows: readonly Readonly<Record<string, unknown>>[],
  kind: ImportPlan['kind'],
  /** Of the identity rules. */
  types: readonly string[],
): Record<string, ImportTarget> {
  const taken = new Set<string>();
  const mapping = new Map<string, ImportTarget>();
  for (const column of columns) {
    const target = targetOf(nameOf(column), valuesOf(column, rows), kind, types);
    const isOnce = target.to === 'timestamp' || target.to === 'row_id' || target.to === 'identifier';
    const mark = `${target.to}:${'type' in target ? target.type : ''}`;
    mapping.set(column, isOnce && taken.has(mark) ? { to: 'ignore' } : target);
    taken.add(mark);
  }
  const time = kind === 'transactions' && !taken.has('timestamp:') ? columnOfDates(columns, rows) : undefined;
  if (time !== undefined) mapping.set(time, { to: 'timestamp' });
  return Object.fromEntries(mapping);
}

const nameOf = (column: string): string =>
  column
    .replace(HUMP, '$1_$2')
    .trim()
    .toLowerCase()
    .replaceAll(/[\s.-]+/g, '_');

/** The first column that holds nothing but dates. */
const columnOfDates = (
  columns: readonly string[],
  rows: readonly Readonly<Record<string, unknown>>[],
): string | undefined =>
  columns.find((column) => {
    const values = valuesOf(column, rows);
    return values.length > 0 && values.every((value) => castCell(value, 'date', true).ok);
  });

const valuesOf = (column: string, rows: readonly Readonly<Record<string, unknown>>[]): unknown[] =>
  rows.map((row) => row[column]).filter((value) => typeOfCell(value) !== 'empty');

/** `badge_no` of `Badge No`, `BadgeNo` and `badge`. */
const bare = (name: string): string => name.replace(/_?(id|no|nr|number|code)$/, '').replaceAll('_', '');

function identifierFor(
  name: string,
  values: readonly unknown[],
  types: readonly string[],
): string | undefined {
  const known = IDENTIFIERS.find(([pattern]) => pattern.test(name))?.[1];
  const isHashed = values.length > 0 && values.every((value) => SHA256.test(String(value)));
  const meant = isHashed && (known === 'email' || known === 'phone') ? `${known}_sha256` : known;
  const is_own = types.includes(name) && !BUILT_IN.has(name);
  if (is_own || (meant === undefined && types.includes(name))) return name;
  if (meant !== undefined && types.includes(meant)) return meant;
  return types.find((type) => !BUILT_IN.has(type) && bare(type) !== '' && bare(type) === bare(name));
}

function targetOf(
  name: string,
  values: readonly unknown[],
  kind: ImportPlan['kind'],
  types: readonly string[],
): ImportTarget {
  const type = identifierFor(name, values, types);
  if (type !== undefined) return { to: 'identifier', type };
  if (kind === 'match') return { to: 'ignore' };
  if (TIME.test(name))
    return kind === 'transactions' ? { to: 'timestamp' } : { to: 'trait', name, as: 'date' };
  if (kind === 'transactions' && ROW_ID.test(name)) return { to: 'row_id' };
  const as = typeOfValues(values);
  return kind === 'transactions' ? { to: 'property', name, as } : { to: 'trait', name, as };
}

function typeOfValues(values: readonly unknown[]): 'text' | 'number' | 'boolean' | 'json' {
  const all = (type: 'number' | 'boolean') => values.every((value) => castCell(value, type, false).ok);
  // A postcode or a phone number would lose its leading zero.
  const isCode = values.some((value) => typeof value === 'string' && /^[0+]\d/.test(value.trim()));
  if (values.length === 0) return 'text';
  if (values.every((value) => typeof value === 'object')) return 'json';
  if (all('number') && !isCode) return 'number';
  return values.every((value) => /^(true|false|yes|no)$/i.test(String(value))) && all('boolean')
    ? 'boolean'
    : 'text';
}
