import type { z } from 'zod';
import { sumInterval } from '../../stats/bootstrap.ts';
import { twoSidedZ } from '../../stats/normal.ts';
import type { ExcludedRow } from './exclusion.sql.ts';
import type { ExclusionCheck } from './validation-output.ts';

type Check = z.infer<typeof ExclusionCheck>;
export type ExclusionVerdict = Omit<Check, 'segment' | 'window'>;

const ENOUGH_PEOPLE = 30;
/** Drawing more people again would keep every request waiting for seconds, and the sum of so many is normal. */
const MOST_RESAMPLED = 50_000;

/**
 * What leaving these people out would drop: their revenue, and what their own rate makes for the next window (an
 * extrapolation: it holds while they go on as before; never from less than a window, see `exclusionRows`). The interval is that of drawing people like them again.
 */
export function judgeExclusion(
  rows: readonly ExcludedRow[],
  at: { readonly members: number; readonly days: number; readonly tolerance: number },
  random: () => number,
): ExclusionVerdict {
  const excluded = rows.find((row) => row.excluded === 1);
  const total = rows.reduce((sum, row) => sum + row.revenue, 0);
  const revenue = excluded?.revenue ?? 0;
  const expected = excluded?.expected ?? [];
  // Members without an event in the history are inactive and bring nothing.
  const silent = Math.max(0, at.members - (excluded?.people ?? 0));
  const zeros = Math.max(0, at.members - expected.length);
  const value = expected.reduce((sum, v) => sum + v, 0);
  const interval =
    expected.length > MOST_RESAMPLED
      ? normalInterval(expected, zeros, value)
      : sumInterval(expected, zeros, random);
  const revenue_share = total <= 0 ? 0 : Math.min(1, Math.max(0, revenue / total));
  const short = excluded?.short ?? 0;
  const brief = excluded?.brief ?? 0;
  const inactive = (excluded?.inactive ?? 0) + silent;
  const verdict =
    at.members < ENOUGH_PEOPLE
      ? 'too few to say'
      : total <= 0
        ? 'nothing known'
        : revenue_share > at.tolerance
          ? 'drops value'
          : 'drops little';
  return {
    people: at.members,
    buyers: excluded?.buyers ?? 0,
    revenue,
    revenue_share,
    expected: { value, low: Math.min(interval.low, value), high: Math.max(interval.high, value) },
    short_history: short,
    inactive,
    briefly_inactive: brief,
    briefly_inactive_revenue: excluded?.brief_revenue ?? 0,
    verdict,
    words: wordsOf({ verdict, revenue_share, inactive, brief, short, days: at.days }),
  };
}

/** What resampling tends to: the variance of a sum of n things drawn again is n times theirs. */
function normalInterval(values: readonly number[], zeros: number, sum: number) {
  const squares = values.reduce((total, v) => total + v * v, 0);
  const half = twoSidedZ(0.95) * Math.sqrt(Math.max(0, squares - sum ** 2 / (values.length + zeros)));
  return { low: sum - half, high: sum + half };
}

function wordsOf({
  verdict,
  revenue_share,
  inactive,
  brief,
  short,
  days,
}: {
  verdict: Check['verdict'];
  revenue_share: number;
  inactive: number;
  brief: number;
  short: number;
  days: number;
}): string {
  const share = `${(100 * revenue_share).toFixed(1)} % of the revenue of the last ${days} days`;
  const pause =
    brief === 0
      ? ''
      : ` Of the ${inactive.toLocaleString('en')} who are inactive, ${brief.toLocaleString('en')} are within twice their own usual pause: they may be on their way back.`;
  const known =
    short === 0
      ? ''
      : ` ${short.toLocaleString('en')} of their buyers are known for less than ${days} days: they are expected to bring what they brought so far, which can be too little.`;
  if (verdict === 'too few to say')
    return `Fewer than ${ENOUGH_PEOPLE} people: too few to say what leaving them out would drop.`;
  if (verdict === 'nothing known')
    return `Nobody brought any revenue in the last ${days} days, in the segment or outside: nothing is known of what leaving these people out would drop. Look at the events and properties that orders are read from.${pause}`;
  return `${verdict === 'drops value' ? 'Leaving these people out would drop' : 'These people brought only'} ${share}.${pause}${known}`;
}
