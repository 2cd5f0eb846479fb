import type { Sql } from '../../kernel/sql.ts';
import type { Json } from '../contract.ts';

/** What an event contributes: its property as a scalar (scalar.ts) and as a number, and when it happened. */
export interface Contribution {
  readonly scalar: string;
  /** NaN when the property is not a number. */
  readonly number: number;
  readonly at_ms: number;
}

/**
 * One way to make a trait of events. Its state is a commutative monoid: added in any order, over any split into nodes
 * and days, and merged, it is the same; ties are decided by value. `toSql` gives the same answer over the events.
 */
export interface Calculation<State = unknown> {
  readonly name: string;
  /** Of the property: an event without it does not count. `none`: every event counts. */
  readonly needs: 'none' | 'scalar' | 'number';
  /** States are JSON and never changed in place. */
  add(state: State | undefined, contribution: Contribution): State;
  merge(a: State, b: State): State;
  read(state: State, now_ms: number): { readonly value: Json; readonly until_ms: number };
  /** Aggregate that is the JSON text of the value, over rows with `at Int64` (ms), `scalar String`, `number Float64`. */
  toSql(now_ms: number): Sql;
}

/** The list holds calculations of every state; each of them only ever sees its own. */
export const calculation = <State>(one: Calculation<State>): Calculation => one as unknown as Calculation;

export const FOR_EVER = Number.POSITIVE_INFINITY;
