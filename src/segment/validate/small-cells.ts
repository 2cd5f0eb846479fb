/** What those who may not see people are told of small numbers of them, as `../preview/small-sizes.ts` has it for sizes. */
import type { z } from 'zod';
import { wilsonInterval } from '../../stats/wilson.ts';
import { LEAST_PEOPLE } from '../preview/small-sizes.ts';
import type { SharedPeople } from '../segment-service.ts';
import { totalOf } from './retention.ts';
import type { SegmentSet } from './segment-set-output.ts';
import type * as output from './validation-output.ts';

type Of<T extends z.ZodType> = z.infer<T>;
type Interval = Of<typeof output.Interval>;
type Lift = Of<typeof output.Lift>;
type Side = Lift['inside'];
type Cell = Of<typeof output.Retention>['total'][number];

const NOTE = `Numbers below ${LEAST_PEOPLE} are withheld: your role sees no people, and a small number could tell of one.`;
const NO_SHARE: Interval = { value: null, low: 0, high: 1 };
const NO_DIFFERENCE: Interval = { value: null, low: -1, high: 1 };
const NO_RATIO: Interval = { value: null, low: 0, high: Number.MAX_VALUE };

/** None is a small number too: it says that nobody did it. */
const isSmall = (people: number | null): boolean => people === null || people < LEAST_PEOPLE;
const orNull = (people: number | null): number | null => (isSmall(people) ? null : people);

/** A share of few among many is still known to be small. */
const rateOf = (few: number | null, of: number, rate: Interval): Interval =>
  isSmall(few) ? { ...NO_SHARE, high: wilsonInterval(Math.min(LEAST_PEOPLE - 1, of), of).high } : rate;

function side({ people, converted, rate }: Side): Side {
  if (people === null || isSmall(people)) return { people: null, converted: null, rate: NO_SHARE };
  return { people, converted: orNull(converted), rate: rateOf(converted, people, rate) };
}
const isWithheld = ({ people, converted }: Side): boolean => isSmall(people) || isSmall(converted);

export function coarseOverlap(matrix: Of<typeof output.OverlapMatrix>): Of<typeof output.OverlapMatrix> {
  return {
    ...matrix,
    pairs: matrix.pairs.map((pair) =>
      isSmall(pair.both)
        ? {
            ...pair,
            ...{ both: null, jaccard: null, share_of_a: null, share_of_b: null },
            words: `fewer than ${LEAST_PEOPLE} people are in both`,
          }
        : pair,
    ),
  };
}

export const coarseShared = (shared: SharedPeople): SharedPeople => ({
  ...shared,
  both: orNull(shared.both),
});

export function coarseLift(lift: Lift): Lift {
  const left_out = orNull(lift.left_out);
  const sides = { inside: side(lift.inside), outside: side(lift.outside), left_out };
  if (lift.distinct === 'no data yet') {
    const words = 'No data yet: all members came in during this time.';
    return { ...lift, ...sides, words };
  }
  if (![lift.inside, lift.outside].some(isWithheld)) return { ...lift, left_out };
  return {
    ...lift,
    ...sides,
    ...{ difference: NO_DIFFERENCE, ratio: NO_RATIO, distinct: 'withheld', words: NOTE },
  };
}

export function coarseMessageTest(test: Of<typeof output.MessageTest>): Of<typeof output.MessageTest> {
  const variants = test.variants.map(({ variant, ...sides }) => ({
    variant,
    inside: side(sides.inside),
    outside: side(sides.outside),
  }));
  const parts = test.parts.map((part) => ({ ...part, people: orNull(part.people) }));
  if (!test.variants.some(({ inside, outside }) => isWithheld(inside) || isWithheld(outside))) {
    return { ...test, variants, parts };
  }
  // With the other side, a lead gives away what a rate was.
  const words =
    test.best_inside === null
      ? 'No difference between the variants is shown in the segment.'
      : `\`${test.best_inside}\` did best in the segment.`;
  return {
    ...test,
    variants,
    parts: parts.map((part) => ({ ...part, lead: NO_DIFFERENCE })),
    warnings: [...test.warnings, NOTE],
    words,
  };
}

/** Cohorts of few people are left out of the total too, where they could be subtracted. */
export function coarseRetention(retention: Of<typeof output.Retention>): Of<typeof output.Retention> {
  const shown = retention.cohorts.filter(({ people }) => !isSmall(people));
  const coarse = <T extends Pick<Cell, 'active' | 'rate'>>(cell: T, people: number): T => ({
    ...cell,
    active: orNull(cell.active),
    rate: rateOf(cell.active, people, cell.rate),
  });
  const weeks = Math.max(0, ...retention.cohorts.map((cohort) => cohort.weeks.length));
  return {
    ...retention,
    cohorts: shown.map((cohort) => ({
      ...cohort,
      weeks: cohort.weeks.map((cell) => coarse(cell, cohort.people)),
    })),
    total: totalOf(shown, weeks).map((cell) => coarse(cell, cell.people)),
    cohorts_left_out: retention.cohorts.length - shown.length,
  };
}

export function coarseExclusion(check: Of<typeof output.ExclusionCheck>): Of<typeof output.ExclusionCheck> {
  const coarse = {
    ...check,
    buyers: orNull(check.buyers),
    short_history: orNull(check.short_history),
    inactive: orNull(check.inactive),
    briefly_inactive: orNull(check.briefly_inactive),
    briefly_inactive_revenue: isSmall(check.briefly_inactive) ? null : check.briefly_inactive_revenue,
  };
  const small = [check.buyers, check.short_history, check.inactive, check.briefly_inactive].some(isSmall);
  if (!isSmall(check.buyers)) return small ? { ...coarse, words: wordsOf(check, NOTE) } : coarse;
  return { ...coarse, revenue: null, revenue_share: null, expected: NO_RATIO, words: wordsOf(check, NOTE) };
}

const wordsOf = ({ verdict }: Of<typeof output.ExclusionCheck>, note: string): string =>
  `${VERDICTS[verdict]} ${note}`;
const VERDICTS = {
  'drops value': 'Leaving these people out would drop more than is tolerated.',
  'drops little': 'These people brought no more than is tolerated.',
  'too few to say': 'Too few people to say what leaving them out would drop.',
  'nothing known': 'Nobody brought any revenue in this time: nothing is known.',
} as const;

export function coarseSet(set: Of<typeof SegmentSet>): Of<typeof SegmentSet> {
  const overlaps = set.overlaps.filter(({ people }) => !isSmall(people));
  return {
    ...set,
    people: orNull(set.people),
    not_counted: { ...set.not_counted, people: orNull(set.not_counted.people) },
    conflicts: orNull(set.conflicts),
    none: orNull(set.none),
    members_now: set.members_now.map((member) => ({
      ...member,
      before: orNull(member.before),
      after: orNull(member.after),
      lost_to: member.lost_to.map(({ segment, people }) => ({ segment, people: orNull(people) })),
    })),
    overlaps,
    overlaps_left_out: set.overlaps.length - overlaps.length,
    cold_start: set.cold_start.map((one) =>
      isSmall(one.people) ? { ...one, people: null, share: null } : one,
    ),
    uncaught: orNull(set.uncaught),
  };
}
