import { z } from 'zod';
import { sql } from '../../kernel/sql.ts';
import { byMoment, compileSignal, EventSchema, eventShape, type Mark, refineEvent } from '../rules/signal.ts';
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

const body = z
  .strictObject({
    predicate: z.literal('absence'),
    ...eventShape,
    without: EventSchema.meta({ description: 'What did not follow.' }),
    within: DurationSchema.optional().meta({
      description: 'How long it had to follow; left out: until now.',
    }),
    window: WindowSchema.optional().meta({ description: 'When the first thing happened. Left out: ever.' }),
  })
  .superRefine(refineEvent);

export const absence = definePredicate({
  name: 'absence',
  title: 'Did one thing and not another',
  summary:
    'An event in the window that the other one did not follow within the time limit, which has passed; without a limit: has not followed until now.',
  schema: body,
  compile(b, { exclude_bots }) {
    const [did, other] = [compileSignal(b, exclude_bots), compileSignal(b.without, exclude_bots)];
    const span = spanOf(b.window);
    const limit_ms = b.within === undefined ? undefined : durationMs(b.within);
    /** Nothing of the other kind until the limit, which has passed. */
    const isAbandoned = (at_ms: number, next_ms: number, now_ms: number): boolean => {
      const end_ms = limit_ms === undefined ? now_ms : at_ms + limit_ms;
      return isWithin(at_ms, span, now_ms) && end_ms <= now_ms && next_ms > end_ms;
    };
    const keep_ms = keepMs(span);
    return {
      needs: { ...NEEDS_NOTHING, signals: [did, other].map((signal) => ({ signal, keep_ms })) },
      matches(view, now_ms) {
        const [xs, ys] = [view.marks(did), view.marks(other)];
        const moments: number[] = [];
        for (const x of xs) {
          addMoments(x[0], span, now_ms, moments);
          if (limit_ms !== undefined) moments.push(x[0] + limit_ms);
        }
        for (const y of ys) moments.push(y[0]);
        const next = nextAfter(xs, ys);
        return answerOver(moments, now_ms, (at) =>
          xs.some(([at_ms], i) => isAbandoned(at_ms, next[i] ?? 0, at)),
        );
      },
      toSql(columns) {
        const { now_ms } = columns;
        const from_ms = startOf(span, now_ms);
        const [xs, ys] = [columns.moments(did, from_ms), columns.moments(other, from_ms)];
        columns.timed(isAfterSql(xs, from_ms));
        // All moments in one order, an event's own `did` after its `other`, so that it does not follow itself; each carries
        // the next `other`, which arrayReverseFill brings back to it.
        const all = columns.derived(
          sql`arraySort(arrayConcat(arrayMap(m -> (m.1, m.2, 1), ${xs}), arrayMap(m -> (m.1, m.2, 0), ${ys})))`,
        );
        const next = sql`arrayReverseFill(m -> m.3 = 0, ${all})`;
        const left =
          limit_ms === undefined
            ? sql`(y.3 = 1 OR y.1 > ${now_ms})`
            : sql`x.1 <= ${now_ms - limit_ms} AND (y.3 = 1 OR y.1 > x.1 + ${limit_ms})`;
        return sql`arrayExists((x, y) -> x.3 = 1 AND ${withinSql(sql`x.1`, span, now_ms)} AND ${left}, ${all}, ${next})`;
      },
      evidence(view, now_ms) {
        const xs = view.marks(did);
        const next = nextAfter(xs, view.marks(other));
        const left = xs.findLast(([at_ms], i) => isAbandoned(at_ms, next[i] ?? 0, now_ms));
        return left === undefined ? null : new Date(left[0]).toISOString();
      },
    };
  },
  describe: (b) => `${nameOf(b)} without ${nameOf(b.without)}${inLimit(b.within)}${inWindow(b.window)}`,
});

/** For each mark the moment of the first other one that is later; Infinity when there is none. Both in their order. */
function nextAfter(marks: readonly Mark[], others: readonly Mark[]): number[] {
  let i = 0;
  return marks.map((mark) => {
    while (i < others.length && byMoment(others[i] as Mark, mark) <= 0) i++;
    return others[i]?.[0] ?? Number.POSITIVE_INFINITY;
  });
}
