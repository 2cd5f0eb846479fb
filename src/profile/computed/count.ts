import { sql } from '../../kernel/sql.ts';
import { calculation, FOR_EVER } from './calculation.ts';

/** How many events. */
export const count = calculation<number>({
  name: 'count',
  needs: 'none',
  add: (state = 0) => state + 1,
  merge: (a, b) => a + b,
  read: (value) => ({ value, until_ms: FOR_EVER }),
  toSql: () => sql`toString(count())`,
});
