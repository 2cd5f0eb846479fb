import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { IMPORT_BASE } from '../../collect/contract.ts';
import { sql } from '../../kernel/sql.ts';
import { arrivals, NOBODY_JOINED, openProfile, type ProfileFixture, stored } from '../fixture.ts';
import { isInSessions, readSessionEvent } from './session-event.ts';
import { summaryOf } from './session-repair.service.ts';
import { compileRules } from './session-rules.ts';
import { sessionise } from './sessionise.ts';
import { type DerivedRow, sessionsFromEvents } from './sessions-from-events.sql.ts';

let profile: ProfileFixture;
beforeAll(async () => {
  profile = await openProfile();
});
afterAll(() => profile.close());

const bodies = fc.constantFrom(
  {},
  { midnight: false },
  { campaign: false },
  { time_zone: 'America/New_York' },
  { gap_minutes: 5 },
);

test('SQL and the definition make the same sessions of the same events', async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(arrivals(120), bodies, async (list, body) => {
      const rules = compileRules(body);
      await profile.clear();
      if (list.length > 0) await profile.store(list);
      const query = sessionsFromEvents(NOBODY_JOINED, sql`1`, rules);
      const rows = await profile.warehouse.query<DerivedRow>(query);
      const people = Map.groupBy(list.filter(isInSessions), (e) => e.person);
      for (const [person_id, events] of people) {
        const expected = sessionise(person_id, events.map(readSessionEvent), rules).map((s) => ({
          ...s,
          opened: 0,
        }));
        const found = rows.filter((row) => row.person_id === person_id).map(summaryOf);
        const order = (a: { start_ms: number; start_tie: string }, b: typeof a) =>
          a.start_ms - b.start_ms || Buffer.compare(Buffer.from(a.start_tie), Buffer.from(b.start_tie));
        expect(found.toSorted(order)).toEqual(expected);
        compared += expected.length;
      }
      expect(new Set(rows.map((row) => row.person_id))).toEqual(new Set(people.keys()));
    }),
    { numRuns: 30 },
  );
  // Not an empty comparison; how many sessions thirty random histories make is left to chance.
  expect(compared).toBeGreaterThan(30);
});

test('history has no place in the log', async () => {
  await profile.clear();
  await profile.store([{ ...stored(1), position: IMPORT_BASE + 5 }]);
  const query = sessionsFromEvents(NOBODY_JOINED, sql`1`, compileRules({}));
  expect(await profile.warehouse.query<DerivedRow>(query)).toMatchObject([{ position: 0, events: 1 }]);
});
