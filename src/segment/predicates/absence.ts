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
import { answerOver, definePredicate, keepMs, NEEDS_NOTHING, nameOf } from './predicate.ts';

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
        const xs = columns.aggregate(
          did,
          ({ is, at, position }) =>
            sql`groupArrayIf((${at}, ${position}), ${is} AND ${withinSql(at, span, now_ms)})`,
        );
        const ys = columns.aggregate(
          other,
          ({ is, at, position }) =>
            sql`groupArrayIf((${at}, ${position}), ${is} AND ${withinSql(at, { length_ms: span.length_ms }, now_ms)})`,
        );
        columns.timed(sql`notEmpty(${xs})`);
        const [passed, soon] =
          limit_ms === undefined
            ? [sql`true`, sql`true`]
            : [sql`x.1 <= ${now_ms - limit_ms}`, sql`y.1 <= x.1 + ${limit_ms}`];
        return sql`arrayExists(x -> ${passed} AND NOT arrayExists(y -> y > x AND ${soon}, ${ys}), ${xs})`;
      },
      evidence(view, now_ms) {
        const left = view.marks(did).findLast((x) => isAbandoned(x, view.marks(other), now_ms));
        return left === undefined ? null : new Date(left[0]).toISOString();
      },
    };
  },
  describe: (b) => `${nameOf(b)} without ${nameOf(b.without)}${inWindow(b.window)}`,
});
