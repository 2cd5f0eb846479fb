/**
 * Where a rule finds a value in an event: `total`, `shipping.country` are properties; `$context.page.path` is in the
 * context, `$traits.email` in the traits; `$source_id`, `$type`, `$library` are columns.
 */
import { z } from 'zod';
import type { LoggedEvent } from '../../collect/contract.ts';
import { ident, join, param, type Sql, sql } from '../../kernel/sql.ts';
import type { Json } from '../../profile/contract.ts';

const COLUMNS = ['source_id', 'type', 'library'] as const;
const PARTS_MAX = 5;

type Column = 'properties' | 'context' | 'traits';

export interface EventField {
  readonly name: string;
  readonly column: Column | (typeof COLUMNS)[number];
  /** Empty for a plain column. */
  readonly path: readonly string[];
}

export const EventFieldName = z
  .string()
  .min(1)
  .max(200)
  .refine((name) => parseEventField(name) !== undefined, {
    message: `name a property (total, shipping.country), $context.…, $traits.…, ${COLUMNS.map((c) => `$${c}`).join(', ')}; at most ${PARTS_MAX} parts`,
  })
  .meta({
    description: 'A property of the event, as `total` or `shipping.country`; also `$context.page.path`.',
  });

export function parseEventField(name: string): EventField | undefined {
  const parts = name.split('.');
  if (parts.length > PARTS_MAX + 1 || parts.some((part) => part === '')) return undefined;
  const [first = '', ...rest] = parts;
  if (!first.startsWith('$')) return { name, column: 'properties', path: parts };
  const column = first.slice(1);
  if (rest.length > 0)
    return column === 'context' || column === 'traits' ? { name, column, path: rest } : undefined;
  return (COLUMNS as readonly string[]).includes(column)
    ? { name, column: column as EventField['column'], path: [] }
    : undefined;
}

/** The event with its JSON parsed at most once. */
export interface ReadableEvent {
  readonly event: LoggedEvent;
  read(field: EventField): Json | undefined;
}

export function readable(event: LoggedEvent): ReadableEvent {
  const parsed = new Map<string, Json>();
  const objectOf = (column: Column): Json => {
    const known = parsed.get(column);
    if (known !== undefined) return known;
    const value = parse(event[column]);
    parsed.set(column, value);
    return value;
  };
  return {
    event,
    read({ column, path }) {
      if (column !== 'properties' && column !== 'context' && column !== 'traits') return event[column];
      // Parsing costs more than looking: most events have no such key at all.
      if (!event[column].includes(path[0] ?? '') && !event[column].includes('\\')) return undefined;
      return at(objectOf(column), path);
    },
  };
}

function at(value: Json, path: readonly string[]): Json | undefined {
  let here: Json | undefined = value;
  for (const part of path) {
    if (typeof here !== 'object' || here === null || Array.isArray(here) || !Object.hasOwn(here, part))
      return undefined;
    here = (here as { readonly [key: string]: Json })[part];
  }
  return here;
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}

/** Raw JSON text of the field, empty when absent or not `needed`; over a row of `events`. JSON is opened only where it is. */
export function fieldSql({ column, path }: EventField, needed: Sql): Sql {
  if (path.length === 0) return sql`if(${needed}, toJSONString(toString(${ident(column)})), '')`;
  const keys = join(
    path.map((part) => sql`${param(part, 'String')}`),
    ', ',
  );
  return sql`JSONExtractRaw(if(${needed}, ${ident(column)}, ''), ${keys})`;
}
