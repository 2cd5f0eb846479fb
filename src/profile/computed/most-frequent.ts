import { key64 } from '../../kernel/ids.ts';
import { key64Of } from '../../kernel/key64.ts';
import { type Sql, sql } from '../../kernel/sql.ts';
import { compareText } from '../state/compare-text.ts';
import { calculation, FOR_EVER } from './calculation.ts';
import { jsonOfScalar, scalarJsonSql } from './scalar.ts';

/**
 * Different values counted of one person and day. Beyond it those with the smallest keys (MD5) are counted and no
 * others: the same ones whatever the order, so that counts stay exact and halves can be merged.
 */
export const VALUES_MAX = 200;

type Counts = Readonly<Record<string, number>>;

/** The value that most events have; of several the smallest. */
export const mostFrequent = calculation<Counts>({
  name: 'most_frequent',
  needs: 'scalar',
  add: (state = {}, { scalar }) => capped({ ...state, [scalar]: (state[scalar] ?? 0) + 1 }),
  merge(a, b) {
    const both: Record<string, number> = { ...a };
    for (const [scalar, events] of Object.entries(b)) both[scalar] = (both[scalar] ?? 0) + events;
    return capped(both);
  },
  read(counts) {
    const [[scalar] = ['']] = Object.entries(counts).sort((a, b) => b[1] - a[1] || compareText(a[0], b[0]));
    return { value: jsonOfScalar(scalar), until_ms: FOR_EVER };
  },
  toSql: () =>
    scalarJsonSql(sql`(arraySort(x -> (-x.2, x.1), ${cappedSql(sql`sumMap([scalar], [toInt64(1)])`)})[1].1)`),
});

function capped(counts: Counts): Counts {
  const scalars = Object.keys(counts);
  if (scalars.length <= VALUES_MAX) return counts;
  const kept = scalars
    .map((scalar) => [key64(scalar), scalar] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, VALUES_MAX);
  return Object.fromEntries(kept.map(([, scalar]) => [scalar, counts[scalar] ?? 0]));
}

/** Array of (value, count) from a pair of arrays. */
function cappedSql(maps: Sql): Sql {
  const pairs = sql`arrayZip((${maps} AS counted).1, counted.2)`;
  return sql`if(length(counted.1) <= ${VALUES_MAX}, ${pairs},
    arraySlice(arraySort(x -> ${key64Of(sql`x.1`)}, arrayZip(counted.1, counted.2)), 1, ${VALUES_MAX}))`;
}
