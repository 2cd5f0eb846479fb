/** What files tell of people: scores that only they can say, and nobody seen by being written of. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { DAY_MS } from '../kernel/clock.ts';
import type { PersonId } from '../kernel/ids.ts';
import { hexOf } from '../kernel/key64.ts';
import { silentLogger } from '../kernel/logger.ts';
import { sql } from '../kernel/sql.ts';
import { createTurns } from '../kernel/turns.ts';
import { currentTraits } from './computed/compile.ts';
import { createProfiles } from './create-profiles.ts';
import {
  batchOf,
  definitionsOf,
  iso,
  NOW_MS,
  nodeOf,
  openPeople,
  type PeopleFixture,
  type StoredEvent,
  stored,
} from './fixture-people.ts';
import { createTraitSql } from './trait-sql.service.ts';

let fixture: PeopleFixture;
beforeAll(async () => {
  fixture = await openPeople();
});
afterAll(() => fixture.close());
beforeEach(() => fixture.clear());

const definitions = definitionsOf([]);

/** Values of a trait by person: of the stream, and of the warehouse. */
async function bothOf(trait: string, events: readonly StoredEvent[]) {
  const { warehouse, online, clock, people } = fixture;
  await fixture.store(events);
  const { directory, sql: of_people } = people;
  const base = { warehouse, online, clock, definitions, directory, sql: of_people, logger: silentLogger };
  const profiles = createProfiles({ ...base, turns: createTurns() });
  await profiles.step.add(batchOf(events));
  const { rows, online: changes } = await profiles.step.take();
  for (const { into, lines } of rows) await warehouse.insert(into, lines);
  await online.commit(changes);
  profiles.step.committed();
  const persons = [...new Set(events.map(({ event }) => nodeOf(event)))] as string[] as PersonId[];
  const streamed = (await profiles.reader.profilesOf(persons)).flatMap((profile) => {
    const reading = profile.read(trait, NOW_MS);
    return reading === undefined ? [] : [[profile.person, reading.value] as const];
  });
  const traits = createTraitSql({ warehouse, computed: currentTraits(definitions), sql: of_people });
  const query = traits.traitQuery(trait, NOW_MS);
  if (query === undefined) throw new Error(trait);
  const found = await warehouse.query<{ person: string; value: string }>(
    sql`SELECT ${hexOf(sql`person`)} AS person, value FROM (${query})`,
  );
  return {
    streamed: Object.fromEntries(streamed),
    sql: Object.fromEntries(found.map(({ person, value }) => [person, JSON.parse(value) as unknown])),
  };
}

const ANN = nodeOf({ user_id: 'ann', anonymous_id: '' });
const BOB = nodeOf({ user_id: 'bob', anonymous_id: '' });

test('a score that a file says is a trait; one that anybody else says is none', async () => {
  const said = (position: number, source_id: string, churn: number, user_id: string) =>
    stored(position, { type: 'identify', event: '', source_id, user_id, context: { scores: { churn } } });
  const events = [said(1, 'import', 0.25, 'ann'), said(2, 'web', 0.9, 'ann'), said(3, 'web', 1, 'bob')];
  const only = { [ANN]: 0.25 };
  expect(await bothOf('score.churn', events)).toEqual({ streamed: only, sql: only });
});

test('who is only told of in a file was not seen, and who bought something in one was', async () => {
  const row = { source_id: 'import', event: '', type: 'identify' } as const;
  const sold = { source_id: 'import', event: 'Store Purchase', timestamp: iso(NOW_MS - 3 * DAY_MS) };
  const events = [
    stored(1, row),
    stored(2, { ...row, user_id: 'bob' }),
    stored(3, { ...sold, user_id: 'bob' }),
  ];
  const only = { [BOB]: sold.timestamp };
  expect(await bothOf('$last_seen', events)).toEqual({ streamed: only, sql: only });
});
