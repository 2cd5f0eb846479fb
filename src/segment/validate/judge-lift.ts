import type { z } from 'zod';
import { differenceInterval, type Hits, ratioInterval } from '../../stats/two-proportions.ts';
import { wilsonInterval } from '../../stats/wilson.ts';
import type { Lift } from './validation-output.ts';

type LiftReport = z.infer<typeof Lift>;

/** A share with its interval; without trials there is none. */
export function rateOf({ hits, trials }: Hits): { value: number | null; low: number; high: number } {
  const { share, low, high } = wilsonInterval(hits, trials);
  return { value: trials === 0 ? null : share, low, high };
}

export const sideOf = (of: Hits) => ({ people: of.trials, converted: of.hits, rate: rateOf(of) });

/**
 * Whether people of a segment do something more often than others. An observation, not an effect: what made them members
 * may also make them do it.
 */
export function judgeLift(
  inside: Hits,
  outside: Hits,
  left_out = 0,
): Pick<LiftReport, 'inside' | 'outside' | 'difference' | 'ratio' | 'distinct' | 'words'> {
  const difference = differenceInterval(inside, outside);
  const ratio = ratioInterval(inside, outside);
  const known = inside.trials > 0 && outside.trials > 0;
  const distinct =
    inside.trials === 0 && left_out > 0
      ? 'no data yet'
      : !known || (difference.low <= 0 && difference.high >= 0)
        ? 'no difference shown'
        : difference.low > 0
          ? 'higher'
          : 'lower';
  return {
    inside: sideOf(inside),
    outside: sideOf(outside),
    difference: { value: known ? difference.difference : null, low: difference.low, high: difference.high },
    ratio:
      ratio === null
        ? { value: null, low: 0, high: Number.MAX_VALUE }
        : { value: ratio.ratio, low: ratio.low, high: ratio.high },
    distinct,
    words: wordsOf(known, distinct, ratio, left_out),
  };
}

function wordsOf(
  known: boolean,
  distinct: LiftReport['distinct'],
  ratio: ReturnType<typeof ratioInterval>,
  left_out: number,
): string {
  if (distinct === 'no data yet')
    return `No data yet: all ${left_out.toLocaleString('en')} members came in during this time, and what made them members may be the event itself. Look again later, or at less time.`;
  if (!known || ratio === null) return 'Nobody to compare: a side has no people.';
  if (distinct === 'no difference shown')
    return 'With so many people no difference is shown: the interval holds 0.';
  const times = (x: number) => x.toFixed(x >= 10 ? 0 : 2);
  return `Members did it ${times(ratio.ratio)} times as often as others (${times(ratio.low)} to ${times(ratio.high)}). That they are members need not be the cause.`;
}
