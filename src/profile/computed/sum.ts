import { sql } from '../../kernel/sql.ts';
import { calculation, FOR_EVER } from './calculation.ts';
import { addTotals, amountOf, isAmount, millionths, type Total, totalSql } from './exact-total.ts';

/** Total of a number, to millionths. */
export const sum = calculation<Total>({
  name: 'sum',
  needs: 'number',
  add: (state = 0, { number }) => (isAmount(number) ? addTotals(state, millionths(number)) : state),
  merge: addTotals,
  read: (total) => ({ value: amountOf(total), until_ms: FOR_EVER }),
  toSql: () => sql`toString(${totalSql})`,
});
