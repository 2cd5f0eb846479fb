import { DAY_MS } from '../../kernel/clock.ts';
import { sql } from '../../kernel/sql.ts';
import { calculation } from './calculation.ts';

/** Whole days (24 hours each) since the latest event; 0 for one that claims to be in the future. */
export const daysSince = calculation<number>({
  name: 'days_since',
  needs: 'none',
  add: (state, { at_ms }) => Math.max(state ?? at_ms, at_ms),
  merge: Math.max,
  read(last_ms, now_ms) {
    const days = Math.max(0, Math.floor((now_ms - last_ms) / DAY_MS));
    return { value: days, until_ms: last_ms + (days + 1) * DAY_MS };
  },
  toSql: (now_ms) => sql`toString(greatest(0, intDiv(${now_ms} - max(at), ${DAY_MS})))`,
});
