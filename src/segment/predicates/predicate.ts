/** What a predicate of a rule is: one file each, listed in index.ts; a property test holds memory and SQL equal for all. */
import type { z } from 'zod';
import { type Sql, sql } from '../../kernel/sql.ts';
import type { Json } from '../../profile/contract.ts';
import type { Mark, Signal } from '../rules/signal.ts';
import type { Span } from '../rules/time-window.ts';

/** `until_ms`: the earliest moment at which time alone may change `is`; Infinity when it cannot. */
export interface Answer {
  readonly is: boolean;
  readonly until_ms: number;
}

export interface SessionFact {
  readonly started_ms: number;
  readonly ended_ms: number;
  readonly pages: number;
  readonly events: number;
  readonly campaign: string;
}

/** A person as predicates see one. */
export interface PersonView {
  /** The marks of all nodes, by moment. */
  marks(signal: Signal): readonly Mark[];
  trait(name: string, now_ms: number): { readonly value: Json; readonly until_ms: number } | undefined;
  /** Human sessions, without those that are removed. */
  sessions(): readonly SessionFact[];
  /** The answer of another segment; undefined when there is none of that name. */
  segment(name: string, now_ms: number): Answer | undefined;
}

/** What a predicate asks of the one scan over everybody. Columns are of a person; zero or empty when there is nothing. */
export interface ScanColumns {
  readonly now_ms: number;
  /**
   * Column of an aggregate over the events of a signal, written with `on`; it may never see those before `from_ms`. The
   * same text is one column.
   */
  aggregate(signal: Signal, from_ms: number, write: (on: EventColumns) => Sql): Sql;
  /**
   * Column with the moments of a signal's events, `Array(Tuple(at Int64, position UInt64))` in order, at least those after
   * `from_ms` and none after now. All that ask for a signal share one.
   */
  moments(signal: Signal, from_ms: number): Sql;
  /** Column of an aggregate over human sessions: columns started_ms, ended_ms, pages, events, campaign. */
  sessions(aggregate: Sql): Sql;
  /** Raw JSON text of a trait; undefined when nobody can have it. */
  trait(name: string): Sql | undefined;
  /** Boolean: is in the other segment. */
  segment(name: string): Sql;
  /** Column made of others of the person: what is used several times is written once. */
  derived(text: Sql): Sql;
  /** Tells that time can change the answer of people for whom the condition holds. */
  timed(condition: Sql): void;
}

/** A row of the scan, inside an aggregate. */
export interface EventColumns {
  /** Boolean: the row is of the signal. */
  readonly is: Sql;
  /** Int64, ms. */
  readonly at: Sql;
  readonly position: Sql;
  /** Raw JSON of the signal's value. */
  readonly value: Sql;
}

export interface Needs {
  /** With the longest time that an event stays of use: Infinity for ever. */
  readonly signals: readonly { readonly signal: Signal; readonly keep_ms: number }[];
  readonly traits: readonly string[];
  readonly segments: readonly string[];
  /** Sessions are known to SQL only. */
  readonly sessions: boolean;
}
export const NEEDS_NOTHING: Needs = { signals: [], traits: [], segments: [], sessions: false };

export interface CompiledPredicate {
  readonly needs: Needs;
  matches(view: PersonView, now_ms: number): Answer;
  toSql(columns: ScanColumns): Sql;
  /** What the answer rests on, for an explanation: a number, a value, a moment; null when there is nothing. */
  evidence(view: PersonView, now_ms: number): Json;
}

export interface Predicate {
  /** Value of `predicate` in a rule. */
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly schema: z.ZodType;
  /** `body` has passed the schema. */
  compile(body: unknown, options: { readonly exclude_bots: boolean }): CompiledPredicate;
  /** The rule in words, for lists and explanations. */
  describe(body: unknown): string;
}

/** Keeps the body's type tied to its schema. */
export function definePredicate<S extends z.ZodType>(spec: {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly schema: S;
  compile(body: z.infer<S>, options: { readonly exclude_bots: boolean }): CompiledPredicate;
  describe(body: z.infer<S>): string;
}): Predicate {
  return {
    ...spec,
    compile: (body, options) => spec.compile(body as z.infer<S>, options),
    describe: (body) => spec.describe(body as z.infer<S>),
  };
}

/** How long events of a window are of use. */
export const keepMs = ({ length_ms }: Span): number => length_ms ?? Number.POSITIVE_INFINITY;

/** Moments looked at before a later look is asked for instead. */
const MOMENTS_MAX = 6;

/** Walks the moments at which something begins or ceases to count until the answer changes. */
export function answerOver(moments: readonly number[], now_ms: number, at: (ms: number) => boolean): Answer {
  const is = at(now_ms);
  let after_ms = now_ms;
  for (let i = 0; i <= MOMENTS_MAX; i++) {
    let next_ms = Number.POSITIVE_INFINITY;
    for (const moment of moments) if (moment > after_ms && moment < next_ms) next_ms = moment;
    if (next_ms === Number.POSITIVE_INFINITY) return { is, until_ms: next_ms };
    if (i === MOMENTS_MAX || at(next_ms) !== is) return { is, until_ms: next_ms };
    after_ms = next_ms;
  }
  return { is, until_ms: after_ms };
}

/** Where events count from the first one on. */
export const EVER_MS = 0;

/** From when on events of a window count, ms. */
export const startOf = ({ length_ms, from_ms }: Span, now_ms: number): number =>
  length_ms === undefined ? (from_ms ?? EVER_MS) : Math.round(now_ms - length_ms);

/** Boolean over a column of moments: whether there is one after `from_ms`; the last one tells. */
export const isAfterSql = (moments: Sql, from_ms: number): Sql =>
  sql`(notEmpty(${moments}) AND ${moments}[-1].1 > ${from_ms})`;
