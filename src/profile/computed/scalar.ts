/**
 * A property's value as text that both JavaScript and the warehouse write the same way: `s` and the text, `n` and the
 * number, `btrue` or `bfalse`. Empty for nothing: absent, null, lists and objects. Text is cut at TEXT_MAX code points.
 */
import { join, type Sql, sql, statement } from '../../kernel/sql.ts';
import type { Json } from '../contract.ts';
import { memberOf } from '../state/event-json.ts';

export const TEXT_MAX = 256;

/** `category`, `properties.category`, `context.page.path`: without a document's name it is a property. */
export interface PropertyPath {
  readonly document: 'properties' | 'traits' | 'context';
  readonly keys: readonly string[];
}

export function readPropertyPath(text: string): PropertyPath {
  const [first = '', ...rest] = text.split('.');
  const named = rest.length > 0 && (first === 'properties' || first === 'traits' || first === 'context');
  return named ? { document: first, keys: rest } : { document: 'properties', keys: [first, ...rest] };
}

export const valueAt = (document: unknown, keys: readonly string[]): unknown => {
  let value = document;
  for (const key of keys) value = memberOf(value, key);
  return value;
};

export function scalarOf(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `s${cut(value)}`;
    case 'number':
      return `n${numberText(value)}`;
    case 'boolean':
      return value ? 'btrue' : 'bfalse';
    default:
      return '';
  }
}

/** As the warehouse writes it: without the plus of `1e+21`. */
const numberText = (value: number): string => String(value).replace('e+', 'e');

const cut = (text: string): string =>
  text.length <= TEXT_MAX
    ? text
    : Array.from(text.slice(0, 2 * TEXT_MAX))
        .slice(0, TEXT_MAX)
        .join('');

export function jsonOfScalar(scalar: string): Json {
  const text = scalar.slice(1);
  return scalar.startsWith('s') ? text : scalar.startsWith('n') ? Number(text) : text === 'true';
}

/** The arguments that name a value: `properties, 'a', 'b'`. */
const argumentsOf = ({ document, keys }: PropertyPath): Sql =>
  join([statement(document), ...keys.map((key) => sql`${key}`)], ', ');

export const isNumberSql = (path: PropertyPath): Sql =>
  sql`JSONType(${argumentsOf(path)}) IN ('Int64', 'UInt64', 'Double')`;

export const numberSql = (path: PropertyPath): Sql => sql`JSONExtractFloat(${argumentsOf(path)})`;

/** Text expression over a row of `events`: the scalar at a path. */
export function scalarSql(path: PropertyPath): Sql {
  const of = argumentsOf(path);
  return sql`multiIf(
    JSONType(${of}) = 'String', concat('s', substringUTF8(JSONExtractString(${of}), 1, ${TEXT_MAX})),
    ${isNumberSql(path)}, concat('n', toString(JSONExtractFloat(${of}))),
    JSONType(${of}) = 'Bool', if(JSONExtractBool(${of}), 'btrue', 'bfalse'), '')`;
}

/** Text expression: the JSON of a scalar. */
export const scalarJsonSql = (scalar: Sql): Sql =>
  sql`if(startsWith(${scalar}, 's'), toJSONString(substring(${scalar}, 2)), substring(${scalar}, 2))`;
