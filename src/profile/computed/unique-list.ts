import { type Sql, sql } from '../../kernel/sql.ts';
import { compareText } from '../state/compare-text.ts';
import { calculation, FOR_EVER } from './calculation.ts';
import { jsonOfScalar, scalarJsonSql } from './scalar.ts';

/** Longest list: the values that were seen last. Which they are does not depend on order or on splits. */
export const LIST_MAX = 100;

/** When each value was last seen, ms. */
type LastSeen = Readonly<Record<string, number>>;

/** Every different value, the one seen last first; of two at once the smaller first. */
export const uniqueList = calculation<LastSeen>({
  name: 'unique_list',
  needs: 'scalar',
  add: (state = {}, { scalar, at_ms }) =>
    (state[scalar] ?? Number.NEGATIVE_INFINITY) >= at_ms ? state : capped({ ...state, [scalar]: at_ms }),
  merge(a, b) {
    const both: Record<string, number> = { ...a };
    for (const [scalar, at_ms] of Object.entries(b)) both[scalar] = Math.max(both[scalar] ?? at_ms, at_ms);
    return capped(both);
  },
  read: (seen) => ({ value: newestFirst(seen).map(([scalar]) => jsonOfScalar(scalar)), until_ms: FOR_EVER }),
  toSql: () =>
    sql`concat('[', arrayStringConcat(arrayMap(x -> ${scalarJsonSql(sql`x.1`)}, ${NEWEST_FIRST}), ','), ']')`,
});

const newestFirst = (seen: LastSeen): [string, number][] =>
  Object.entries(seen).sort((a, b) => b[1] - a[1] || compareText(a[0], b[0]));

const capped = (seen: LastSeen): LastSeen =>
  Object.keys(seen).length <= LIST_MAX ? seen : Object.fromEntries(newestFirst(seen).slice(0, LIST_MAX));

const NEWEST_FIRST: Sql = sql`arraySlice(arraySort(x -> (-x.2, x.1),
  arrayZip((maxMap([scalar], [at]) AS seen).1, seen.2)), 1, ${LIST_MAX})`;
