/** The bins that SQL makes are those of `fixture-bins.ts`, value by value. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { param, type Sql, sql } from '../../kernel/sql.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import { openEvents } from '../fixture-events.ts';
import { addMembers } from '../fixture-members.ts';
import { binned } from './fixture-bins.ts';
import type { TraitBin } from './judge-sensitivity.ts';
import { judgeTrait } from './sensitivity.service.ts';
import { type BinRow, binsAt, binsByMembership } from './trait-bins.sql.ts';

const SEGMENTS = ['thirds', 'fifths', 'nobody'];
let warehouse: Warehouse;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ warehouse, close } = await openEvents());
  await addMembers(
    warehouse,
    'thirds',
    sql`SELECT number AS person FROM numbers(1000) WHERE number % 3 = 0`,
    1,
  );
  await addMembers(
    warehouse,
    'fifths',
    sql`SELECT number AS person FROM numbers(1000) WHERE number % 5 = 0`,
    1,
  );
  await addMembers(
    warehouse,
    'rich',
    sql`SELECT number AS person FROM numbers(40000) WHERE number >= 32000`,
    1,
  );
});
afterAll(() => close());

const valuesOf = (values: readonly string[]): Sql => sql`
  SELECT toUInt64(pair.1 - 1) AS person, pair.2 AS value
  FROM (SELECT arrayJoin(arrayMap((nth, one) -> (nth, one), arrayEnumerate(list), list)) AS pair FROM (SELECT ${param(values, 'Array(String)')} AS list))`;

const inOrder = (bins: readonly TraitBin[]) =>
  bins
    .map(({ bin, values }) => ({ bin: bin ?? -1, ...values }))
    .sort((a, b) => a.bin - b.bin)
    .map(({ moments, ...rest }) => ({ ...rest, moments: moments.map((m) => expect.closeTo(m, 6)) }));

const plain = (bins: readonly TraitBin[]) =>
  bins.map(({ bin, values }) => ({ bin: bin ?? -1, ...values })).sort((a, b) => a.bin - b.bin);

test('on random values', async () => {
  const one = fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: -20, max: 200 }).map(String) },
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }).map(String),
    fc.constantFrom(
      '"n/a"',
      '"12"',
      'true',
      '""',
      '"2026-01-31"',
      '"1931-12-01T10:00:00Z"',
      '"x y"',
      '"1e3"',
    ),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 300 }), async (values) => {
      const rows = await warehouse.query<BinRow>(binsByMembership(SEGMENTS, valuesOf(values)));
      for (const [place, every] of [3, 5, 1_000].entries()) {
        const counted = Map.groupBy(
          values.map((value, i) => ({ value, is_in: place < 2 && i % every === 0 })),
          ({ value }) => value,
        );
        const expected = binned(
          [...counted].map(([value, people]) => {
            const inside = people.filter(({ is_in }) => is_in).length;
            return { value, inside, outside: people.length - inside };
          }),
        );
        expect(plain(binsAt(rows, place))).toEqual(inOrder(expected));
      }
    }),
    { numRuns: 40 },
  );
}, 60_000);

test('whoever is in by the top fifth of 40,000 different incomes is found to tell them', async () => {
  const incomes = sql`SELECT number AS person, toString(20000 + 2 * number) AS value FROM numbers(40000)`;
  const rows = await warehouse.query<BinRow>(binsByMembership(['rich'], incomes));
  expect(rows.length).toBe(100);
  expect(judgeTrait('income', binsAt(rows, 0))).toMatchObject({
    is: 'found',
    finding: { measure: 'auc', strength: { value: 1 } },
  });
});
