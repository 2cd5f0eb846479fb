import { sql } from '../../kernel/sql.ts';
import { calculation, FOR_EVER } from './calculation.ts';
import { addTotals, amountOf, isAmount, millionths, type Total, totalSql } from './exact-total.ts';

/** Mean of a number: its total to millionths over how many events have one. */
export const average = calculation<readonly [total: Total, events: number]>({
  name: 'average',
  needs: 'number',
  add: ([total, events] = [0, 0], { number }) => [
    isAmount(number) ? addTotals(total, millionths(number)) : total,
    events + 1,
  ],
  merge: (a, b) => [addTotals(a[0], b[0]), a[1] + b[1]],
  read: ([total, events]) => ({ value: amountOf(total) / events, until_ms: FOR_EVER }),
  toSql: () => sql`toString((${totalSql}) / count())`,
});
