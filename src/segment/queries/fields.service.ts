/** What there is to ask about, remembered for some minutes: looking takes a moment, and the check of a release cannot wait. */
import type { Clock } from '../../kernel/clock.ts';
import { DAY_MS, MINUTE_MS } from '../../kernel/clock.ts';
import type { TraitSql } from '../../profile/contract.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import type { KnownNames } from '../rules/known-names.ts';
import type { FieldCatalogue } from '../segment-service.ts';
import {
  type EventFieldRow,
  eventCounts,
  eventFields,
  type TraitExampleRow,
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
          : knownOf(
              counts,
              fields,
              names.map((one) => one.name),
            ),
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

function knownOf(
  counts: readonly { readonly event: string }[],
  fields: readonly EventFieldRow[],
  traits: readonly string[],
): KnownNames {
  const byEvent = new Map<string, Set<string>>();
  for (const { event, name, of } of fields) {
    if (of >= ENOUGH) byEvent.set(event, (byEvent.get(event) ?? new Set()).add(name));
  }
  return { events: new Set(counts.map((one) => one.event)), fields: byEvent, traits: new Set(traits) };
}

const parsed = (raw: string): unknown => {
  try {
    return JSON.parse(raw) as unknown;
  } catch {
    return raw;
  }
};
