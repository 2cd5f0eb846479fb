import { createHash } from 'node:crypto';
import type { LoggedEvent } from '../../collect/contract.ts';
import type { Definitions } from '../../govern/contract.ts';
import { canonicalJson, type JsonObject, readEventJson } from '../state/event-json.ts';
import type { Calculation, Contribution } from './calculation.ts';
import {
  COMPUTED_TRAIT_KIND,
  ComputedTraitBody,
  type FromEvents,
  type FromSql,
} from './computed-trait-kind.ts';
import { type CompiledCondition, compileCondition, holdsAt } from './conditions.ts';
import { CALCULATIONS } from './index.ts';
import { type PropertyPath, readPropertyPath, scalarOf, valueAt } from './scalar.ts';

/** A computed trait that every event is asked for. */
export interface EventTrait {
  readonly name: string;
  /** Digest of what decides its values: another one must be counted anew. */
  readonly id: string;
  readonly version: number;
  readonly body: FromEvents;
  readonly calculation: Calculation;
  readonly events: readonly string[];
  readonly types: readonly string[];
  readonly conditions: readonly CompiledCondition[];
  readonly property: PropertyPath | undefined;
}

export interface SqlTrait {
  readonly name: string;
  readonly id: string;
  readonly version: number;
  readonly body: FromSql;
}

/** Everything that a release says about computed traits. */
export interface ComputedTraits {
  readonly release: number;
  readonly of_events: ReadonlyMap<string, EventTrait>;
  readonly of_sql: ReadonlyMap<string, SqlTrait>;
  /** Those that a kind of event can concern. */
  candidates(type: string, event: string): readonly EventTrait[];
}

export function compileTrait(name: string, body: unknown, version = 0): EventTrait | SqlTrait {
  const parsed = ComputedTraitBody.parse(body);
  const { description: _d, label: _l, unit: _u, ...meaning } = parsed;
  const id = createHash('sha256').update(canonicalJson(meaning)).digest('hex').slice(0, 12);
  if ('sql' in parsed) return { name, id, version, body: parsed };
  const calculation = CALCULATIONS.get(parsed.calc);
  if (calculation === undefined) throw new Error(`no calculation ${parsed.calc}`);
  return {
    name,
    id,
    version,
    body: parsed,
    calculation,
    events: [parsed.of.event ?? []].flat(),
    types: [parsed.of.type ?? []].flat(),
    conditions: parsed.of.where.map(compileCondition),
    property: parsed.property === undefined ? undefined : readPropertyPath(parsed.property),
  };
}

const NONE: readonly EventTrait[] = [];
const CACHE_MAX = 10_000;

export function compileTraits(definitions: Pick<Definitions, 'current' | 'release'>): ComputedTraits {
  const of_events = new Map<string, EventTrait>();
  const of_sql = new Map<string, SqlTrait>();
  for (const { name, body, version } of definitions.current(COMPUTED_TRAIT_KIND)) {
    const trait = compileTrait(name, body, version);
    if ('calculation' in trait) of_events.set(name, trait);
    else of_sql.set(name, trait);
  }
  const traits = [...of_events.values()];
  const known = new Map<string, readonly EventTrait[]>();
  return {
    release: definitions.release(),
    of_events,
    of_sql,
    candidates(type, event) {
      if (traits.length === 0) return NONE;
      const key = `${type}:${event}`;
      let found = known.get(key);
      if (found === undefined) {
        if (known.size >= CACHE_MAX) known.clear();
        found = traits.filter((trait) => isCandidate(trait, type, event));
        known.set(key, found);
      }
      return found;
    },
  };
}

const isCandidate = ({ events, types }: EventTrait, type: string, event: string): boolean =>
  (events.length === 0 || events.includes(event)) && (types.length === 0 || types.includes(type));

/** Compiled once a release. */
export function currentTraits(definitions: Definitions): () => ComputedTraits {
  let compiled: ComputedTraits | undefined;
  return () => {
    if (compiled?.release !== definitions.release()) compiled = compileTraits(definitions);
    return compiled as ComputedTraits;
  };
}

/** The documents of an event, each read when it is first asked for. */
export type Documents = (name: PropertyPath['document']) => JsonObject;

export function documentsOf(event: Pick<LoggedEvent, 'properties' | 'traits' | 'context'>): Documents {
  const read: Partial<Record<PropertyPath['document'], JsonObject>> = {};
  return (name) => (read[name] ??= readEventJson(event[name]));
}

/** What an event that is a candidate contributes; undefined when it does not count. */
export function contributionOf(
  trait: EventTrait,
  event: Pick<LoggedEvent, 'bot'>,
  at_ms: number,
  documents: Documents,
): Contribution | undefined {
  if (event.bot === 1 && !trait.body.bots) return undefined;
  for (const condition of trait.conditions) if (!holdsAt(condition, documents)) return undefined;
  const { property, calculation } = trait;
  if (property === undefined) return { scalar: '', number: Number.NaN, at_ms };
  const value = valueAt(documents(property.document), property.keys);
  const number = typeof value === 'number' ? value : Number.NaN;
  const scalar = calculation.needs === 'scalar' ? scalarOf(value) : '';
  const isMissing = calculation.needs === 'scalar' ? scalar === '' : Number.isNaN(number);
  return isMissing ? undefined : { scalar, number, at_ms };
}
