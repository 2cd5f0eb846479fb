import { sql } from '../../kernel/sql.ts';
import { calculation, FOR_EVER } from './calculation.ts';

/** The largest number. */
export const max = calculation<number>({
  name: 'max',
  needs: 'number',
  add: (state = Number.NEGATIVE_INFINITY, { number }) => Math.max(state, number),
  merge: Math.max,
  read: (value) => ({ value, until_ms: FOR_EVER }),
  toSql: () => sql`toString(max(number))`,
});
