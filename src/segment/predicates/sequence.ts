import { z } from 'zod';
import { join, type Sql, sql } from '../../kernel/sql.ts';
import { compileSignal, eventShape, type Mark, refineEvent } from '../rules/signal.ts';
import {
  addMoments,
  DurationSchema,
  durationMs,
  isWithin,
  spanOf,
  WindowSchema,
  withinSql,
} from '../rules/time-window.ts';
import { answerOver, definePredicate, isAfterSql, keepMs, NEEDS_NOTHING, startOf } from './predicate.ts';
import { inLimit, inWindow, nameOf } from './words.ts';

const step = z
  .strictObject({
    ...eventShape,
    within: DurationSchema.optional().meta({ description: 'Since the step before.' }),
  })
  .superRefine(refineEvent);

const body = z
  .strictObject({
    predicate: z.literal('sequence'),
    steps: z.array(step).min(2).max(6),
    window: WindowSchema.optional(),
  })
  .superRefine(({ steps }, ctx) => {
    if (steps[0]?.within !== undefined)
      ctx.addIssue({
        code: 'custom',
        path: ['steps', 0, 'within'],
        message: 'the first step has none before it',
      });
  });

/** An event of a step (counting from 0), later than the one before by (time, position). */
type Step = readonly [at_ms: number, position: number, step: number];

export const sequence = definePredicate({
  name: 'sequence',
  title: 'Did things one after the other',
  summary:
    'Events in this order, each later than the step before and within its time limit (inclusive); others may come in between.',
  schema: body,
  compile(b, { exclude_bots }) {
    const signals = b.steps.map((one) => compileSignal(one, exclude_bots));
    const limits_ms = b.steps.map((one) =>
      one.within === undefined ? Number.POSITIVE_INFINITY : durationMs(one.within),
    );
    const span = spanOf(b.window);
    /** The latest moment at which each step is reached is the best one to go on from. */
    const reachedAt = (events: readonly Step[], now_ms: number): number => {
      const last: (readonly [number, number] | undefined)[] = signals.map(() => undefined);
      let furthest = 0;
      for (const [at_ms, position, nth] of events) {
        if (!isWithin(at_ms, span, now_ms)) continue;
        const before = nth === 0 ? undefined : last[nth - 1];
        const follows =
          nth === 0 ||
          (before !== undefined &&
            (before[0] < at_ms || before[1] < position) &&
            at_ms - before[0] <= (limits_ms[nth] ?? 0));
        if (!follows) continue;
        last[nth] = [at_ms, position];
        furthest = Math.max(furthest, nth + 1);
      }
      return furthest;
    };
    /** Of one event the later steps come first, so that it cannot follow itself. */
    const merged = (marksOf: (i: number) => readonly Mark[]): Step[] =>
      signals
        .flatMap((_, i) => marksOf(i).map(([at_ms, position]): Step => [at_ms, position, i]))
        .sort((x, y) => x[0] - y[0] || x[1] - y[1] || y[2] - x[2]);
    return {
      needs: { ...NEEDS_NOTHING, signals: signals.map((signal) => ({ signal, keep_ms: keepMs(span) })) },
      matches(view, now_ms) {
        const events = merged((i) => view.marks(signals[i] as (typeof signals)[number]));
        const moments: number[] = [];
        for (const [at_ms] of events) addMoments(at_ms, span, now_ms, moments);
        return answerOver(moments, now_ms, (at) => reachedAt(events, at) === signals.length);
      },
      toSql(columns) {
        const from_ms = startOf(span, columns.now_ms);
        const lists = signals.map((signal) => columns.moments(signal, from_ms));
        const every = join(
          lists.map((list) => sql`notEmpty(${list})`),
          ' AND ',
        );
        if (span.length_ms !== undefined) {
          const some = lists.map((list) => isAfterSql(list, from_ms));
          columns.timed(sql`(${join(some, ' OR ')})`);
        }
        const marked = lists.map((list, i) => sql`arrayMap(m -> (m.1, m.2, ${-i}), ${list})`);
        const all = columns.derived(sql`arraySort(arrayConcat(${join(marked, ', ')}))`);
        const within = (at: Sql) => withinSql(at, span, columns.now_ms);
        return sql`(${every} AND ${reachedSql(all, limits_ms, within)})`;
      },
      evidence(view, now_ms) {
        const reached = reachedAt(
          merged((i) => view.marks(signals[i] as (typeof signals)[number])),
          now_ms,
        );
        return `${reached} of ${signals.length} steps`;
      },
    };
  },
  describe: (b) =>
    `${b.steps.map((step) => `${nameOf(step)}${inLimit(step.within)}`).join(', then ')}${inWindow(b.window)}`,
});

/** No moment; so far back that it is near enough to none. */
const NEVER_MS = Number.MIN_SAFE_INTEGER;

/**
 * `reachedAt` without a loop: `all` moments in one order, each with its step; for each step the moments at which it is
 * reached. An event reaches it when the latest one that reached the step before, carried forward by arrayFill, is near
 * enough. Of one event the later steps come first.
 */
function reachedSql(all: Sql, limits_ms: readonly number[], within: (at: Sql) => Sql): Sql {
  let reached = sql`arrayMap(m -> if(m.3 = 0 AND ${within(sql`m.1`)}, m.1, ${NEVER_MS}), ${all})`;
  for (const [i, limit_ms] of limits_ms.entries()) {
    if (i === 0) continue;
    const latest = sql`arrayFill(at -> at != ${NEVER_MS}, ${reached})`;
    const soon = Number.isFinite(limit_ms) ? sql` AND m.1 - at <= ${limit_ms}` : sql``;
    const follows = sql`m.3 = ${-i} AND at != ${NEVER_MS} AND ${within(sql`m.1`)}${soon}`;
    reached = sql`arrayMap((m, at) -> if(${follows}, m.1, ${NEVER_MS}), ${all}, ${latest})`;
  }
  return sql`arrayExists(at -> at != ${NEVER_MS}, ${reached})`;
}
