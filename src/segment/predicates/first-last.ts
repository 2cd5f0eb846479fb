import { z } from 'zod';
import { sql } from '../../kernel/sql.ts';
import type { Json } from '../../profile/contract.ts';
import {
  type Comparison,
  comparisonShape,
  compileComparison,
  refineComparison,
} from '../rules/comparison.ts';
import { EventFieldName } from '../rules/event-field.ts';
import { compileSignal, eventShape, type Mark, refineEvent } from '../rules/signal.ts';
import { compileTimeTest, isTimeOp, type TimeOp } from '../rules/time-test.ts';
import { answerOver, definePredicate, EVER_MS, NEEDS_NOTHING } from './predicate.ts';
import { compared, nameOf } from './words.ts';

const body = z
  .strictObject({
    predicate: z.literal('first_last'),
    which: z.enum(['first', 'last']),
    ...eventShape,
    property: EventFieldName.optional().meta({
      description: 'What to compare of that event. Left out: its time.',
    }),
    ...comparisonShape,
  })
  .superRefine(refineEvent)
  .superRefine(refineComparison)
  .superRefine(({ property, op }, ctx) => {
    if (property === undefined && !isTimeOp(op)) {
      const message = 'the time of an event is compared by before, after, within_days or older_than_days';
      ctx.addIssue({ code: 'custom', path: ['op'], message });
    }
    if (property !== undefined && (op === 'within_days' || op === 'older_than_days')) {
      ctx.addIssue({
        code: 'custom',
        path: ['op'],
        message: 'leave `property` out to compare the time of the event',
      });
    }
  });

export const firstLast = definePredicate({
  name: 'first_last',
  title: 'The first or the last time',
  summary:
    'When an event happened first or last, or what one of its properties was then. Holds for nobody without the event.',
  schema: body,
  compile(b, { exclude_bots }) {
    const signal = compileSignal(b, exclude_bots, b.property);
    const comparison = { op: b.op, value: b.value } as Comparison;
    const pick = (marks: readonly Mark[], now_ms: number) =>
      b.which === 'first'
        ? marks.find(([at_ms]) => at_ms <= now_ms)
        : marks.findLast(([at_ms]) => at_ms <= now_ms);
    const test = b.property === undefined ? undefined : compileComparison(comparison);
    const time = test === undefined ? compileTimeTest(b.op as TimeOp, b.value as string | number) : undefined;
    const holds = (mark: Mark | undefined, now_ms: number): boolean => {
      if (mark === undefined) return false;
      return test === undefined
        ? time?.matches(mark[0], now_ms) === true
        : test.matches(mark[2] ?? undefined, now_ms);
    };
    return {
      needs: { ...NEEDS_NOTHING, signals: [{ signal, keep_ms: Number.POSITIVE_INFINITY }] },
      matches(view, now_ms) {
        const marks = view.marks(signal);
        // Each that is still ahead may be the one that counts, from its own moment on.
        const ahead = marks.filter(([at_ms]) => at_ms > now_ms);
        const moments = ahead.flatMap(([at_ms]) => [at_ms, time?.until(at_ms, at_ms) ?? at_ms]);
        const picked = pick(marks, now_ms);
        if (picked !== undefined && time !== undefined) moments.push(time.until(picked[0], now_ms));
        return answerOver(
          moments.filter((moment) => Number.isFinite(moment)),
          now_ms,
          (at) => holds(pick(marks, at), at),
        );
      },
      toSql(columns) {
        const { now_ms } = columns;
        const fn = b.which === 'first' ? 'min' : 'max';
        const moment = columns.aggregate(signal, EVER_MS, ({ is, at }) =>
          fn === 'min'
            ? sql`minIf(${at}, ${is} AND ${at} <= ${now_ms})`
            : sql`maxIf(${at}, ${is} AND ${at} <= ${now_ms})`,
        );
        const has = columns.aggregate(
          signal,
          EVER_MS,
          ({ is, at }) => sql`countIf(${is} AND ${at} <= ${now_ms})`,
        );
        if (test === undefined) {
          if (time?.timed === true) columns.timed(sql`${has} > 0`);
          return sql`(${has} > 0 AND ${time?.toSql(moment, now_ms) ?? sql`false`})`;
        }
        const value = columns.aggregate(signal, EVER_MS, ({ is, at, position, value: raw }) =>
          fn === 'min'
            ? sql`argMinIf(${raw}, (${at}, ${position}), ${is} AND ${at} <= ${now_ms})`
            : sql`argMaxIf(${raw}, (${at}, ${position}), ${is} AND ${at} <= ${now_ms})`,
        );
        return sql`(${has} > 0 AND ${test.toSql(value, now_ms)})`;
      },
      evidence(view, now_ms): Json {
        const picked = pick(view.marks(signal), now_ms);
        if (picked === undefined) return null;
        return b.property === undefined ? new Date(picked[0]).toISOString() : (picked[2] ?? null);
      },
    };
  },
  describe: (b) =>
    `${b.which} ${nameOf(b)}${b.property === undefined ? '' : `: ${b.property}`} ${compared(b)}`,
});
