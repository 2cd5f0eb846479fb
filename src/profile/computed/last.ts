import { sql } from '../../kernel/sql.ts';
import { calculation, FOR_EVER } from './calculation.ts';
import { compareMoment, type Moment } from './first.ts';
import { jsonOfScalar, scalarJsonSql } from './scalar.ts';

const later = (a: Moment, b: Moment): Moment => (compareMoment(a, b) >= 0 ? a : b);

/** The value of the latest event; of two at once the greater. */
export const last = calculation<Moment>({
  name: 'last',
  needs: 'scalar',
  add: (state, { at_ms, scalar }) => (state === undefined ? [at_ms, scalar] : later(state, [at_ms, scalar])),
  merge: later,
  read: ([, scalar]) => ({ value: jsonOfScalar(scalar), until_ms: FOR_EVER }),
  toSql: () => scalarJsonSql(sql`argMax(scalar, (at, scalar))`),
});
