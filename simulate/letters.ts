/** The weekly letters: who opened them. Clicks belong to the visits that they lead to. */
import { DAY_MS } from '../src/kernel/clock.ts';
import { drawTimeOfDay } from './calendar.ts';
import { cell } from './cell.ts';
import { REGIONS } from './regions.ts';
import type { Run } from './run.ts';
import { sayFromServer } from './session.ts';
import { isAlive } from './visits.ts';

/** Tuesday and Friday. */
const SEND_WEEKDAYS = [2, 5];
const OPEN_SHARE = 0.2;

export function letterDay(run: Run): void {
  const { market, day } = run;
  const day_ms = market.start_ms + day * DAY_MS;
  if (!SEND_WEEKDAYS.includes(new Date(day_ms).getUTCDay())) return;
  const rng = run.root.fork(`letters/${day}`);
  for (const person of market.people) {
    if (!person.newsletter || !run.identities.hasAccount(person.index) || !isAlive(person, day)) continue;
    if (rng.next() >= OPEN_SHARE) continue;
    const at_ms = day_ms + drawTimeOfDay(rng, cell(REGIONS, person.region).utc_offset_min);
    const properties = {
      email_id: `letter-${day}`,
      campaign_name: 'weekly-letter',
      email_subject: 'Fresh this week',
    };
    const who = { userId: person.user_id, anonymousId: undefined, person, device: undefined };
    sayFromServer(
      run,
      rng,
      at_ms,
      who,
      { type: 'track', event: 'Email Opened', properties },
      run.ids.letters,
    );
  }
}
