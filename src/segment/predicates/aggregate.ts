import { z } from 'zod';
import { type Sql, sql } from '../../kernel/sql.ts';
import {
  compareNumbers,
  compareNumbersSql,
  NumbersSchema,
  ORDER_OPS,
  refineNumbers,
} from '../rules/comparison.ts';
import { EventFieldName } from '../rules/event-field.ts';
import { isNumberSql, numberOf } from '../rules/json-raw.sql.ts';
import { compileSignal, eventShape, type Mark, refineEvent } from '../rules/signal.ts';
import { addMoments, isWithin, spanOf, WindowSchema, withinSql } from '../rules/time-window.ts';
import { answerOver, definePredicate, keepMs, NEEDS_NOTHING, startOf } from './predicate.ts';
import { compared, inWindow, nameOf } from './words.ts';

/**
 * Amounts are added as whole ten-thousandths, so that the order of adding cannot matter; exact up to 9e11 in all.
 * What is above AMOUNT_MAX either way is no amount and is left out.
 */
const PARTS = 10_000;
const AMOUNT_MAX = 1e11;

const body = z
  .strictObject({
    predicate: z.literal('aggregate'),
    ...eventShape,
    property: EventFieldName,
    calc: z.enum(['sum', 'average', 'min', 'max']),
    op: z.enum([...ORDER_OPS, 'between', 'equals']),
    value: NumbersSchema,
    window: WindowSchema.optional(),
  })
  .superRefine(refineEvent)
  .superRefine(refineNumbers);

const CALC = { sum: 'the sum of', average: 'the average', min: 'the smallest', max: 'the largest' } as const;

const amount = (mark: Mark): number | undefined =>
  typeof mark[2] === 'number' && Math.abs(mark[2]) <= AMOUNT_MAX
    ? Math.floor(mark[2] * PARTS + 0.5)
    : undefined;

export const aggregate = definePredicate({
  name: 'aggregate',
  title: 'Sum, average, lowest or highest of a property',
  summary:
    'A number of an event summed, averaged, or its lowest or highest, in a window. Without any event the sum is 0 and the others hold for nobody.',
  schema: body,
  compile(b, { exclude_bots }) {
    const signal = compileSignal(b, exclude_bots, b.property);
    const span = spanOf(b.window);
    const [low, high] = Array.isArray(b.value) ? b.value : [b.value, b.value];
    const holds = (value: number | undefined) =>
      value !== undefined && compareNumbers(b.op, value, low, high);
    const valueAt = (marks: readonly Mark[], now_ms: number): number | undefined => {
      let [n, sum, min, max] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      for (const mark of marks) {
        const parts = isWithin(mark[0], span, now_ms) ? amount(mark) : undefined;
        if (parts === undefined) continue;
        n += 1;
        sum += parts;
        min = Math.min(min, parts);
        max = Math.max(max, parts);
      }
      if (b.calc === 'sum') return sum / PARTS;
      if (n === 0) return undefined;
      return { average: sum / n / PARTS, min: min / PARTS, max: max / PARTS }[b.calc];
    };
    return {
      needs: { ...NEEDS_NOTHING, signals: [{ signal, keep_ms: keepMs(span) }] },
      matches(view, now_ms) {
        const marks = view.marks(signal);
        const moments: number[] = [];
        for (const mark of marks) if (amount(mark) !== undefined) addMoments(mark[0], span, now_ms, moments);
        return answerOver(moments, now_ms, (at) => holds(valueAt(marks, at)));
      },
      toSql(columns) {
        const from_ms = startOf(span, columns.now_ms);
        const over = (write: (parts: Sql, counts: Sql) => Sql): Sql =>
          columns.aggregate(signal, from_ms, ({ is, at, value }) => {
            const counts = sql`${is} AND ${withinSql(at, span, columns.now_ms)} AND ${isNumberSql(value)} AND abs(${numberOf(value)}) <= ${AMOUNT_MAX}`;
            // Text and absent values read as 0 there, and are not counted.
            return write(
              sql`toInt64(floor(least(greatest(${numberOf(value)}, -1e11), 1e11) * ${PARTS} + 0.5))`,
              counts,
            );
          });
        const n = over((_, counts) => sql`countIf(${counts})`);
        if (span.length_ms !== undefined) columns.timed(sql`${n} > 0`);
        const sum = () => over((parts, counts) => sql`sumIf(${parts}, ${counts})`);
        if (b.calc === 'sum') return compareNumbersSql(b.op, sql`(${sum()} / ${PARTS})`, low, high);
        const value = {
          average: () => sql`(${sum()} / ${n} / ${PARTS})`,
          min: () => sql`(${over((parts, counts) => sql`minIf(${parts}, ${counts})`)} / ${PARTS})`,
          max: () => sql`(${over((parts, counts) => sql`maxIf(${parts}, ${counts})`)} / ${PARTS})`,
        }[b.calc]();
        return sql`(${n} > 0 AND ${compareNumbersSql(b.op, value, low, high)})`;
      },
      evidence: (view, now_ms) => valueAt(view.marks(signal), now_ms) ?? null,
    };
  },
  describe: (b) => `${CALC[b.calc]} ${b.property} of ${nameOf(b)} ${compared(b)}${inWindow(b.window)}`,
});
