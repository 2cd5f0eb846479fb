import { expect, test } from 'vitest';
import { sql } from '../../kernel/sql.ts';
import { openEvents } from '../fixture-events.ts';
import { addMembers } from '../fixture-members.ts';
import { combinationsOf } from './members.sql.ts';

test('rows are limited, and say how many combinations and people there are beyond them', async () => {
  const { warehouse, close } = await openEvents();
  const below = (people: number) => sql`SELECT number AS person FROM numbers(${people})`;
  await addMembers(warehouse, 'outer', below(60), 1_000);
  await addMembers(warehouse, 'middle', below(30), 2_000);
  await addMembers(warehouse, 'inner', below(4), 3_000);
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
