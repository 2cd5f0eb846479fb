/** Cohorts over people who are joined while they are in a segment. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DAY_MS } from '../../kernel/clock.ts';
import { key64, type PersonId } from '../../kernel/ids.ts';
import { type Sql, sql } from '../../kernel/sql.ts';
import type { NodeId } from '../../resolve/contract.ts';
import { SEGMENT_CHANGES, type SegmentChange } from '../contract.ts';
import { iso, logged, NOW_MS, openSegmentFixture, type SegmentFixture, testPeople } from '../fixture.ts';
import { addMembers } from '../fixture-members.ts';
import { digitsOf } from '../stream/changes.ts';
import { cohorts, returns } from './members.sql.ts';
import type { CohortRow, ReturnRow } from './retention.ts';

let fixture: SegmentFixture;
const FROM = iso(NOW_MS - 40 * DAY_MS);
const idOf = (name: string) => key64(`user_id:${name}`) as string as PersonId & NodeId;
const ask = <Row>(query: Sql) => fixture.warehouse.query<Row>(query);

beforeAll(async () => {
  fixture = await openSegmentFixture();
  const entry = (name: string, days_ago: number, cause: SegmentChange['cause']) =>
    JSON.stringify({
      change_id: digitsOf(key64(`${name} ${days_ago}`)),
      segment: 'buyers',
      segment_version: 1,
      person: digitsOf(idOf(name)),
      what: 'entered',
      at: iso(NOW_MS - days_ago * DAY_MS),
      cause,
    });
  await fixture.warehouse.insert(SEGMENT_CHANGES, [
    entry('ann', 27, 'event'),
    // Bea was in, then joined into Cem, who is in with her from then on.
    entry('bea', 27, 'event'),
    entry('cem', 20, 'merge'),
    // Dan fits only with what Eve did: his entry is the merge.
    entry('dan', 27, 'merge'),
    entry('first', 27, 'first'),
    entry('released', 27, 'release'),
    entry('early', 41, 'event'),
  ]);
  await fixture.storeIdentities(
    new Map([
      [idOf('bea'), idOf('cem')],
      [idOf('eve'), idOf('dan')],
    ]),
    1,
  );
  const shop = ['ann', 'bea', 'first', 'early', 'lin'].map((user_id, i) => {
    const at = iso(NOW_MS - 12 * DAY_MS);
    return { position: i + 1, event: logged({ user_id, timestamp: at, received_at: at }) };
  });
  await fixture.storeEvents(shop);
  // Who is in without a row of entering, as after people were taken apart.
  await addMembers(fixture.warehouse, 'rows', sql`SELECT toUInt64(7) AS person`, NOW_MS - 27 * DAY_MS);
}, 60_000);
afterAll(() => fixture.close());

test('people who were joined enter once, when the first of them did; whoever was put in stands apart', async () => {
  expect(await ask<CohortRow>(cohorts('buyers', FROM, testPeople))).toEqual([
    { week: '2026-10-26', put_in: 0, people: 3 },
    { week: '2026-10-26', put_in: 1, people: 2 },
  ]);
  expect(await ask<CohortRow>(cohorts('rows', FROM, testPeople))).toEqual([
    { week: '2026-10-26', put_in: 0, people: 1 },
  ]);
});

test('who entered before the window is in no cohort, and does not come back in one', async () => {
  const all = iso(NOW_MS - 42 * DAY_MS);
  const people = (rows: readonly CohortRow[]) => rows.reduce((sum, row) => sum + row.people, 0);
  expect(people(await ask(cohorts('buyers', all, testPeople)))).toBe(6);
  const window = { from: FROM, to: iso(NOW_MS) };
  const back = (from: string) =>
    ask<ReturnRow>(returns('buyers', undefined, { ...window, from }, testPeople));
  // What Bea did after is Cem's.
  expect(await back(FROM)).toEqual([
    { week: '2026-10-26', put_in: 0, nth: 2, active: 2 },
    { week: '2026-10-26', put_in: 1, nth: 2, active: 1 },
  ]);
  expect((await back(all)).reduce((sum, row) => sum + row.active, 0)).toBe(4);
});
