/** What there is to ask about, remembered for some minutes: looking takes a moment, and the check of a release cannot wait. */
import type { Clock } from '../../kernel/clock.ts';
import { DAY_MS, MINUTE_MS } from '../../kernel/clock.ts';
import type { TraitSql } from '../../profile/contract.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import { fieldKey, type KnownNames, kindKey } from '../rules/known-names.ts';
import { type SeenTypes, seenTypes } from '../rules/known-types.ts';
import type { FieldCatalogue } from '../segment-service.ts';
import {
  type EventFieldRow,
  eventCounts,
  eventFields,
  INSIDE_MAX,
  type TraitExampleRow,
  traitDates,
  traitExamples,
} from './fields.sql.ts';

export interface FieldService {
  catalogue(): Promise<Pick<FieldCatalogue, 'events' | 'traits'>>;
  /** As last looked at; undefined before the first look, and while there are no events at all. */
  known(): KnownNames | undefined;
  refresh(): Promise<void>;
}

const REMEMBER_MS = 5 * MINUTE_MS;
/** Events of a kind in the sample below which its fields are not held against anybody. */
const ENOUGH = 50;

export function createFieldService(deps: {
  readonly warehouse: Warehouse;
  readonly clock: Clock;
  readonly traits: TraitSql;
}): FieldService {
  const { warehouse, clock, traits } = deps;
  let found:
    | {
        readonly at_ms: number;
        readonly catalogue: Pick<FieldCatalogue, 'events' | 'traits'>;
        readonly known: KnownNames | undefined;
      }
    | undefined;

  async function refresh(): Promise<void> {
    const at_ms = clock.now_ms();
    const counts = await warehouse.query<{ type: string; event: string; seen_30d: number; seen: number }>(
      eventCounts(at_ms - 30 * DAY_MS),
    );
    const fields = await warehouse.query<EventFieldRow>(eventFields());
    const names = await traits.traitNames();
    const examples = await warehouse.query<TraitExampleRow>(traitExamples());
    const values = new Map(examples.map((row) => [row.trait, row.examples.map(parsed)]));
    const events = counts.map(({ type, event, seen_30d }) => ({
      event,
      type,
      seen_30d,
      fields: fields
        .filter((field) => field.type === type && field.event === event)
        .map((field) => ({ name: field.name, types: field.types, examples: field.examples.map(parsed) })),
    }));
    const catalogue = {
      events,
      traits: names.map((one) => ({ ...one, examples: values.get(one.name) ?? [] })),
    };
    found = {
      at_ms,
      catalogue,
      known:
        counts.length === 0
          ? undefined
          : knownOf(counts, fields, names, await warehouse.query<TraitDates>(traitDates())),
    };
  }

  return {
    refresh,
    known: () => found?.known,
    async catalogue() {
      if (found === undefined || clock.now_ms() - found.at_ms > REMEMBER_MS) await refresh();
      return found?.catalogue ?? { events: [], traits: [] };
    },
  };
}

interface TraitDates {
  readonly trait: string;
  readonly values: number;
  readonly dates: number;
}

function knownOf(
  counts: readonly { readonly event: string }[],
  rows: readonly EventFieldRow[],
  names: readonly { readonly name: string; readonly types: readonly string[] }[],
  dates: readonly TraitDates[],
): KnownNames {
  const fields = new Map<string, Set<string>>();
  for (const { event, type, of, name, inside } of rows) {
    if (of < ENOUGH) continue;
    const all_known = inside.length < INSIDE_MAX;
    const found = [name, ...(all_known ? inside.map((inner) => `${name}.${inner}`) : [])];
    for (const kind of kindsOf(event, type))
      fields.set(kind, (fields.get(kind) ?? new Set()).union(new Set(found)));
  }
  // Kinds of a type that were seldom seen may have fields of their own.
  for (const { type, of } of rows) if (of < ENOUGH) fields.delete(kindKey({ type }));
  const values = new Map(dates.map((one) => [one.trait, one]));
  const trait_types = new Map<string, SeenTypes>();
  for (const { name, types } of names) {
    const { values: seen = 0, dates: as_dates = 0 } = values.get(name) ?? {};
    const certain = seen < ENOUGH ? undefined : seenTypes(types, as_dates > 0);
    if (certain !== undefined) trait_types.set(name, certain);
  }
  return {
    events: new Set(counts.map((one) => one.event)),
    fields,
    traits: new Set(names.map(({ name }) => name)),
    field_types: fieldTypes(rows),
    trait_types,
  };
}

/** Both by its name and as one of its type. */
const kindsOf = (event: string, type: string): string[] => [
  ...(event === '' ? [] : [kindKey({ event })]),
  kindKey({ type }),
];

function fieldTypes(rows: readonly EventFieldRow[]): Map<string, SeenTypes> {
  const groups = Map.groupBy(
    rows.flatMap((row) =>
      kindsOf(row.event, row.type).map((kind) => ({ key: fieldKey(kind, row.name), row })),
    ),
    ({ key }) => key,
  );
  const found = new Map<string, SeenTypes>();
  for (const [key, list] of groups) {
    const sum = (of: (row: EventFieldRow) => number) => list.reduce((n, { row }) => n + of(row), 0);
    if (sum((row) => row.seen) < ENOUGH) continue;
    const types = list.flatMap(({ row }) => row.types);
    const certain = seenTypes(types, sum((row) => row.dates) > 0);
    if (certain !== undefined) found.set(key, certain);
  }
  return found;
}

const parsed = (raw: string): unknown => {
  try {
    return JSON.parse(raw) as unknown;
  } catch {
    return raw;
  }
};
