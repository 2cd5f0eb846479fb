import { z } from 'zod';
import { sql } from '../../kernel/sql.ts';
import { compileSignal, EventSchema, eventShape, type Mark, refineEvent } from '../rules/signal.ts';
import {
  addMoments,
  DurationSchema,
  durationMs,
  isWithin,
  spanOf,
  WindowSchema,
  withinSql,
} from '../rules/time-window.ts';
import { inWindow } from './count.ts';
import { answerOver, definePredicate, keepMs, NEEDS_NOTHING, nameOf, startOf } from './predicate.ts';

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
    const ends = (x: Mark, now_ms: number) => (limit_ms === undefined ? now_ms : x[0] + limit_ms);
    const isAbandoned = (x: Mark, others: readonly Mark[], now_ms: number): boolean =>
      isWithin(x[0], span, now_ms) &&
      ends(x, now_ms) <= now_ms &&
      !others.some((y) => y[0] <= ends(x, now_ms) && (y[0] > x[0] || (y[0] === x[0] && y[1] > x[1])));
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
        return answerOver(moments, now_ms, (at) => xs.some((x) => isAbandoned(x, ys, at)));
      },
      toSql(columns) {
        const { now_ms } = columns;
        const from_ms = startOf(span, now_ms);
        const [xs, ys] = [columns.moments(did, from_ms), columns.moments(other, from_ms)];
        columns.timed(sql`arrayExists(m -> m.1 > ${from_ms}, ${xs})`);
        // All moments in one order, an event's own `did` after its `other`, so that it does not follow itself; each carries
        // the next `other`, which arrayReverseFill brings back to it.
        const all = sql`arraySort(arrayConcat(arrayMap(m -> (m.1, m.2, 1), ${xs}), arrayMap(m -> (m.1, m.2, 0), ${ys})))`;
        const next = sql`arrayReverseFill(m -> m.3 = 0, ${all})`;
        const left =
          limit_ms === undefined
            ? sql`(y.3 = 1 OR y.1 > ${now_ms})`
            : sql`x.1 <= ${now_ms - limit_ms} AND (y.3 = 1 OR y.1 > x.1 + ${limit_ms})`;
        return sql`arrayExists((x, y) -> x.3 = 1 AND ${withinSql(sql`x.1`, span, now_ms)} AND ${left}, ${all}, ${next})`;
      },
      evidence(view, now_ms) {
        const left = view.marks(did).findLast((x) => isAbandoned(x, view.marks(other), now_ms));
        return left === undefined ? null : new Date(left[0]).toISOString();
      },
    };
  },
  describe: (b) => `${nameOf(b)} without ${nameOf(b.without)}${inWindow(b.window)}`,
});
