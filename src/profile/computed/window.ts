import { DAY_MS } from '../../kernel/clock.ts';
import type { Json } from '../contract.ts';
import type { Contribution } from './calculation.ts';
import type { EventTrait } from './compile.ts';

/**
 * What a node contributes to a computed trait: a state for each UTC day of a windowed one, else one under `all`, each
 * with the time of its last event.
 */
export interface ComputedState {
  /** `EventTrait.id`. */
  readonly id: string;
  readonly days: Readonly<Record<string, Bucket>>;
}

type Bucket = readonly [last_ms: number, state: unknown];

const ALL = 'all';
export const dayOf = (ms: number): number => Math.floor(ms / DAY_MS);

/** Adds to the days of `before` itself, which may be many: a copy for every event would be most of the work. */
export function addToComputed(
  trait: EventTrait,
  before: ComputedState | undefined,
  contribution: Contribution,
): ComputedState {
  const { at_ms } = contribution;
  const day = trait.body.window_days === undefined ? ALL : String(dayOf(at_ms));
  const counted = before?.id === trait.id ? before : { id: trait.id, days: {} };
  const days: Record<string, Bucket> = counted.days;
  const bucket = days[day];
  const state = trait.calculation.add(bucket?.[1], contribution);
  days[day] = [Math.max(bucket?.[0] ?? at_ms, at_ms), state];
  return counted;
}

/** Days that left the window for good. */
export function prune(trait: EventTrait, state: ComputedState, now_ms: number): ComputedState {
  const { window_days } = trait.body;
  if (window_days === undefined) return state;
  const oldest = dayOf(now_ms) - window_days;
  const isOver = (day: string): boolean => Number(day) < oldest;
  if (!Object.keys(state.days).some(isOver)) return state;
  return {
    id: state.id,
    days: Object.fromEntries(Object.entries(state.days).filter(([day]) => !isOver(day))),
  };
}

export interface ComputedReading {
  readonly value: Json;
  readonly at_ms: number;
  readonly until_ms: number;
}

/**
 * The trait of a person from the states of its nodes. A window holds the last `window_days` days, today included, and
 * what claims to be later; it changes with the day.
 */
export function readComputed(
  trait: EventTrait,
  states: readonly ComputedState[],
  now_ms: number,
): ComputedReading | undefined {
  const { window_days } = trait.body;
  const first_day = window_days === undefined ? Number.NEGATIVE_INFINITY : dayOf(now_ms) - window_days + 1;
  let merged: unknown;
  let at_ms = Number.NEGATIVE_INFINITY;
  let oldest = Number.POSITIVE_INFINITY;
  for (const { id, days } of states) {
    if (id !== trait.id) continue;
    for (const [day, [last_ms, state]] of Object.entries(days)) {
      if (window_days !== undefined) {
        if (Number(day) < first_day) continue;
        oldest = Math.min(oldest, Number(day));
      }
      merged = at_ms === Number.NEGATIVE_INFINITY ? state : trait.calculation.merge(merged, state);
      at_ms = Math.max(at_ms, last_ms);
    }
  }
  if (at_ms === Number.NEGATIVE_INFINITY) return undefined;
  const { value, until_ms } = trait.calculation.read(merged, now_ms);
  const leaves_ms = window_days === undefined ? until_ms : (oldest + window_days) * DAY_MS;
  return { value, at_ms, until_ms: Math.min(until_ms, leaves_ms) };
}
