import type { z } from 'zod';
import { DAY_MS } from '../../kernel/clock.ts';
import { rateOf } from './judge-lift.ts';
import type { Retention } from './validation-output.ts';

type Cohorts = Pick<z.infer<typeof Retention>, 'cohorts' | 'total'>;

const WEEK_MS = 7 * DAY_MS;

/** Weeks after entry that are over for everybody of the cohort; later ones would look like people who stayed away. */
export function retentionTable(
  cohorts: readonly { readonly week: string; readonly people: number }[],
  returns: readonly { readonly week: string; readonly nth: number; readonly active: number }[],
  now_ms: number,
  weeks: number,
): Cohorts {
  const active = new Map(returns.map((row) => [`${row.week}/${row.nth}`, row.active]));
  const table = cohorts.map(({ week, people }) => {
    const last_entry_ms = Date.parse(`${week}T00:00:00Z`) + WEEK_MS;
    const whole = Math.max(0, Math.min(weeks, Math.floor((now_ms - last_entry_ms) / WEEK_MS)));
    return {
      week,
      people,
      weeks: Array.from({ length: whole }, (_, nth) => {
        const hits = active.get(`${week}/${nth}`) ?? 0;
        return { week: nth, active: hits, rate: rateOf({ hits, trials: people }) };
      }),
    };
  });
  const total = Array.from({ length: weeks }, (_, nth) => {
    const there = table.filter((cohort) => cohort.weeks.length > nth);
    const people = there.reduce((sum, cohort) => sum + cohort.people, 0);
    const hits = there.reduce((sum, cohort) => sum + (cohort.weeks[nth]?.active ?? 0), 0);
    return { week: nth, people, active: hits, rate: rateOf({ hits, trials: people }) };
  }).filter((week) => week.people > 0);
  return { cohorts: table, total };
}
