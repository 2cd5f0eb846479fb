/**
 * What a rule looks for among events: a type, a name, conditions on fields, and at most one value that is kept. The same
 * signal is asked for once, however many rules use it, and its key stays the same across releases.
 */
import { z } from 'zod';
import { EVENT_TYPES } from '../../collect/contract.ts';
import { key64 } from '../../kernel/ids.ts';
import { join, type Sql, sql } from '../../kernel/sql.ts';
import type { Json } from '../../profile/contract.ts';
import { type Comparison, comparisonShape, compileComparison, refineComparison } from './comparison.ts';
import { type EventField, EventFieldName, parseEventField, type ReadableEvent } from './event-field.ts';

/** Source of the events that Plumbline records itself. */
export const OWN_SOURCE = 'plumbline';
/** Made by segments; a rule that counted them could chase its own tail. */
const OWN_EVENTS: readonly string[] = ['Segment Entered', 'Segment Exited'];
const WHERE_MAX = 10;

const ConditionSchema = z
  .strictObject({ field: EventFieldName, ...comparisonShape })
  .superRefine(refineComparison)
  .superRefine(({ op }, ctx) => {
    if (op === 'within_days' || op === 'older_than_days')
      ctx.addIssue({ code: 'custom', path: ['op'], message: `${op} is for traits: use a window here` });
  })
  .meta({ description: 'A condition on a field of the event.' });

/** The fields that name events, to spread into the schema of a predicate. */
export const eventShape = {
  event: z
    .string()
    .min(1)
    .max(200)
    .refine((name) => !OWN_EVENTS.includes(name), 'segments make these events: use the predicate `segment`')
    .optional()
    .meta({ description: 'Name of the event. Left out: every event of the type.' }),
  type: z
    .enum([...EVENT_TYPES, 'any'])
    .optional()
    .meta({ description: 'track unless said otherwise; any: every event that a person caused.' }),
  where: z
    .array(ConditionSchema)
    .max(WHERE_MAX)
    .optional()
    .meta({ description: 'Conditions on its fields; all must hold.' }),
};
export const EventSchema = z.strictObject(eventShape).superRefine(refineEvent);

export interface EventRef {
  readonly event?: string | undefined;
  readonly type?: (typeof EVENT_TYPES)[number] | 'any' | undefined;
  readonly where?: readonly (Comparison & { readonly field: string })[] | undefined;
}

export function refineEvent(
  { event, type }: EventRef,
  ctx: { addIssue(issue: { code: 'custom'; message: string; path: string[] }): void },
): void {
  if (event === undefined && type === undefined) {
    ctx.addIssue({
      code: 'custom',
      path: ['event'],
      message: 'name an event, or a type: page, screen, track, any',
    });
  }
}

/** When it happened (ms), where it stands in the log, and the value that the rule asked for. */
export type Mark = readonly [at_ms: number, position: number, value?: Json];

/** The order of a person's events, in memory and in SQL: by time, then by position. */
export const byMoment = (a: Mark, b: Mark): number => a[0] - b[0] || a[1] - b[1];

export interface Signal {
  /** 16 hex digits. */
  readonly key: string;
  readonly event: string | undefined;
  readonly type: NonNullable<EventRef['type']>;
  readonly value: EventField | undefined;
  readonly exclude_bots: boolean;
  /** Without bots unless wanted; `undefined` when it is not one, else its value (null when it has none). */
  read(event: ReadableEvent): Json | undefined;
  /** Boolean over a row of `events`; `raw` gives the raw JSON of a field. */
  toSql(raw: (field: EventField) => Sql): Sql;
  /** Cheap condition that every such event fulfils: type and name. */
  readonly broad: Sql;
}

export function compileSignal(ref: EventRef, exclude_bots: boolean, value_name?: string): Signal {
  const { event, type = 'track', where = [] } = ref;
  const value = value_name === undefined ? undefined : parseEventField(value_name);
  const conditions = where.map(({ field, ...comparison }) => ({
    field: parseEventField(field) as EventField,
    test: compileComparison(comparison),
  }));
  const isGeneric = event === undefined;
  const broad = nameSql(event, type);
  return {
    key: key64(JSON.stringify([type, event ?? null, where.map(ordered), value_name ?? null, exclude_bots])),
    event,
    type,
    value,
    exclude_bots,
    broad,
    read(readable) {
      const e = readable.event;
      if (type !== 'any' && e.type !== type) return undefined;
      if (isGeneric ? e.source_id === OWN_SOURCE : e.event !== event) return undefined;
      if (exclude_bots && e.bot === 1) return undefined;
      for (const { field, test } of conditions) {
        if (!test.matches(readable.read(field), 0)) return undefined;
      }
      return value === undefined ? null : (readable.read(value) ?? null);
    },
    toSql(raw) {
      const parts = [broad];
      if (exclude_bots) parts.push(sql`bot = 0`);
      for (const { field, test } of conditions) parts.push(test.toSql(raw(field), 0));
      return sql`(${join(parts, ' AND ')})`;
    },
  };
}

/** The same condition has the same key whatever the order of its fields. */
const ordered = (condition: Comparison & { readonly field: string }) => [
  condition.field,
  condition.op,
  condition.value ?? null,
];

function nameSql(event: string | undefined, type: Signal['type']): Sql {
  const parts: Sql[] = [];
  if (type !== 'any') parts.push(sql`type = ${type}`);
  parts.push(event === undefined ? sql`source_id != ${OWN_SOURCE}` : sql`event = ${event}`);
  return sql`(${join(parts, ' AND ')})`;
}
