import { expect, test } from 'vitest';
import { fixedClock } from '../../kernel/clock.ts';
import { sql } from '../../kernel/sql.ts';
import { openEvents } from '../fixture-events.ts';
import { createMembershipWriter } from '../membership-writer.service.ts';
import { combinationsOf } from './members.sql.ts';

test('rows are limited, and say how many combinations and people there are beyond them', async () => {
  const { warehouse, close } = await openEvents();
  const clock = fixedClock('2026-11-22T10:00:00.000Z');
  const members = createMembershipWriter({ warehouse, clock });
  const below = (people: number) => sql`SELECT number AS person FROM numbers(${people})`;
  await members.replace('outer', 1, below(60));
  clock.advance(1_000);
  await members.replace('middle', 1, below(30));
  clock.advance(1_000);
  await members.replace('inner', 1, below(4));
  const rows = await warehouse.query(combinationsOf(['inner', 'middle', 'outer'], 2));
  expect(rows).toEqual([
    { held: [2], people: 30, combinations: 3, everybody: 60 },
    { held: [1, 2], people: 26, combinations: 3, everybody: 60 },
  ]);
  expect(await warehouse.query(combinationsOf(['inner'], 2))).toEqual([
    { held: [0], people: 4, combinations: 1, everybody: 4 },
  ]);
  await close();
});
