import { sql } from '../../kernel/sql.ts';
import { calculation, FOR_EVER } from './calculation.ts';

/** The smallest number. */
export const min = calculation<number>({
  name: 'min',
  needs: 'number',
  add: (state = Number.POSITIVE_INFINITY, { number }) => Math.min(state, number),
  merge: Math.min,
  read: (value) => ({ value, until_ms: FOR_EVER }),
  toSql: () => sql`toString(min(number))`,
});
