import { z } from 'zod';
import { sql } from '../../kernel/sql.ts';
import { compileSignal, eventShape, refineEvent } from '../rules/signal.ts';
import { addMoments, isWithin, spanOf, WindowSchema, withinSql } from '../rules/time-window.ts';
import { answerOver, definePredicate, keepMs, NEEDS_NOTHING, startOf } from './predicate.ts';
import { inWindow, nameOf, times } from './words.ts';

const whole = z.number().int().min(0).max(1_000_000);

const body = z
  .strictObject({
    predicate: z.literal('count'),
    ...eventShape,
    window: WindowSchema.optional(),
    at_least: whole.optional(),
    at_most: whole.optional(),
    exactly: whole.optional(),
  })
  .superRefine(refineEvent)
  .superRefine(({ at_least, at_most, exactly }, ctx) => {
    if (
      exactly === undefined
        ? at_least === undefined && at_most === undefined
        : (at_least ?? at_most) !== undefined
    ) {
      ctx.addIssue({ code: 'custom', message: 'give at_least, at_most or both, or exactly' });
    }
    if (at_least !== undefined && at_most !== undefined && at_least > at_most) {
      ctx.addIssue({ code: 'custom', path: ['at_most'], message: 'must not be below at_least' });
    }
  });

export const count = definePredicate({
  name: 'count',
  title: 'Did something n times',
  summary: 'How often an event happened in a window: at least, at most, between, exactly; zero included.',
  schema: body,
  compile(b, { exclude_bots }) {
    const signal = compileSignal(b, exclude_bots);
    const span = spanOf(b.window);
    const low = b.exactly ?? b.at_least ?? 0;
    const high = b.exactly ?? b.at_most ?? Number.MAX_SAFE_INTEGER;
    return {
      needs: { ...NEEDS_NOTHING, signals: [{ signal, keep_ms: keepMs(span) }] },
      matches(view, now_ms) {
        const marks = view.marks(signal);
        const inside = (at: number): number => {
          let n = 0;
          for (const [at_ms] of marks) if (isWithin(at_ms, span, at)) n += 1;
          return n;
        };
        const n = inside(now_ms);
        const is = n >= low && n <= high;
        const ahead = (marks.at(-1)?.[0] ?? 0) > now_ms;
        if (!ahead && high === Number.MAX_SAFE_INTEGER) {
          // Events only leave, the oldest first: it ceases with the one that leaves too few.
          const last = is && span.length_ms !== undefined && low > 0 ? marks.at(-low) : undefined;
          return {
            is,
            until_ms: last === undefined ? Number.POSITIVE_INFINITY : last[0] + (span.length_ms ?? 0),
          };
        }
        const moments: number[] = [];
        for (const [at_ms] of marks) addMoments(at_ms, span, now_ms, moments);
        return answerOver(moments, now_ms, (at) => {
          const then = inside(at);
          return then >= low && then <= high;
        });
      },
      toSql(columns) {
        const within = (at: Parameters<typeof withinSql>[0]) => withinSql(at, span, columns.now_ms);
        const from_ms = startOf(span, columns.now_ms);
        const n = columns.aggregate(signal, from_ms, ({ is, at }) => sql`countIf(${is} AND ${within(at)})`);
        if (span.length_ms !== undefined) columns.timed(sql`${n} > 0`);
        return sql`(${n} >= ${low} AND ${n} <= ${high})`;
      },
      evidence: (view, now_ms) =>
        view.marks(signal).filter(([at_ms]) => isWithin(at_ms, span, now_ms)).length,
    };
  },
  describe: (b) => `${nameOf(b)} ${times(b)}${inWindow(b.window)}`,
});
