import type { z } from 'zod';
import { DAY_MS } from '../../kernel/clock.ts';
import { rateOf } from './judge-lift.ts';
import type { Retention } from './validation-output.ts';

type Cohorts = Pick<z.infer<typeof Retention>, 'cohorts' | 'total'>;

interface Cohort {
  /** Monday of the week of entry. */
  readonly week: string;
  /** 1: when the segment was worked out, whenever they began to fit. */
  readonly put_in: 0 | 1;
}
export interface CohortRow extends Cohort {
  readonly people: number;
}
export interface ReturnRow extends Cohort {
  readonly nth: number;
  readonly active: number;
}

const WEEK_MS = 7 * DAY_MS;
const keyOf = ({ week, put_in, nth }: Omit<ReturnRow, 'active'>): string => `${week}/${put_in}/${nth}`;

/**
 * Weeks after entry that are over for everybody of the cohort; later ones would look like people who stayed away. In the
 * total are those who entered: whoever was put in began to fit at a time that nobody knows.
 */
export function retentionTable(
  cohorts: readonly CohortRow[],
  returns: readonly ReturnRow[],
  now_ms: number,
  weeks: number,
): Cohorts {
  const active = new Map(returns.map((row) => [keyOf(row), row.active]));
  const table = cohorts.map(({ week, put_in, people }) => {
    const last_entry_ms = Date.parse(`${week}T00:00:00Z`) + WEEK_MS;
    const whole = Math.max(0, Math.min(weeks, Math.floor((now_ms - last_entry_ms) / WEEK_MS)));
    return {
      week,
      put_in: put_in === 1,
      people,
      weeks: Array.from({ length: whole }, (_, nth) => {
        const hits = active.get(keyOf({ week, put_in, nth })) ?? 0;
        return { week: nth, active: hits, rate: rateOf({ hits, trials: people }) };
      }),
    };
  });
  return { cohorts: table, total: totalOf(table, weeks) };
}

/** Over the cohorts that entered: each week of those for whom it is over. */
export function totalOf(cohorts: Cohorts['cohorts'], weeks: number): Cohorts['total'] {
  return Array.from({ length: weeks }, (_, nth) => {
    const there = cohorts.filter((cohort) => !cohort.put_in && cohort.weeks.length > nth);
    const people = there.reduce((sum, cohort) => sum + cohort.people, 0);
    const hits = there.reduce((sum, cohort) => sum + (cohort.weeks[nth]?.active ?? 0), 0);
    return { week: nth, people, active: hits, rate: rateOf({ hits, trials: people }) };
  }).filter((week) => week.people > 0);
}
