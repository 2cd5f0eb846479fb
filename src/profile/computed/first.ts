import { sql } from '../../kernel/sql.ts';
import { compareText } from '../state/compare-text.ts';
import { calculation, FOR_EVER } from './calculation.ts';
import { jsonOfScalar, scalarJsonSql } from './scalar.ts';

/** A value and when it was said. */
export type Moment = readonly [at_ms: number, scalar: string];

export const compareMoment = (a: Moment, b: Moment): number => a[0] - b[0] || compareText(a[1], b[1]);

const earlier = (a: Moment, b: Moment): Moment => (compareMoment(a, b) <= 0 ? a : b);

/** The value of the earliest event; of two at once the smaller. */
export const first = calculation<Moment>({
  name: 'first',
  needs: 'scalar',
  add: (state, { at_ms, scalar }) =>
    state === undefined ? [at_ms, scalar] : earlier(state, [at_ms, scalar]),
  merge: earlier,
  read: ([, scalar]) => ({ value: jsonOfScalar(scalar), until_ms: FOR_EVER }),
  toSql: () => scalarJsonSql(sql`argMin(scalar, (at, scalar))`),
});
