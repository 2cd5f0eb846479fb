/** What those who may not see people are told of small sizes. */
import type { Preview, SizeEstimate } from '../segment-service.ts';

/** Below it a size can tell of a person: a rule on an e-mail address that gives 1 says that somebody has it. */
export const LEAST_PEOPLE = 10;
const FEWER: SizeEstimate = { estimate: 5, low: 0, high: LEAST_PEOPLE - 1, exact: false };

const isSmall = ({ estimate }: SizeEstimate): boolean => estimate < LEAST_PEOPLE;
/** None is a small size too: it says that nobody has the address. */
const coarse = (size: SizeEstimate): SizeEstimate => (isSmall(size) ? FEWER : size);

/** Sizes below ten are all the same; what is told of larger ones stays. */
export function withoutSmallSizes({ people, trend, overlap, notes, ...rest }: Preview): Preview {
  return {
    ...rest,
    people: coarse(people),
    trend: trend.map(({ at, ...size }) => ({ at, ...coarse(size) })),
    overlap: overlap.map((one) => ({
      ...one,
      both: coarse(one.both),
      share: isSmall(one.both) ? null : one.share,
    })),
    notes: [
      ...notes,
      `Sizes below ${LEAST_PEOPLE} are given as fewer than ${LEAST_PEOPLE} (0 to ${LEAST_PEOPLE - 1}): your role sees no people, and a small number could tell of one.`,
    ],
  };
}
