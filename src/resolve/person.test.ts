import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { silentLogger } from '../kernel/logger.ts';
import { join, sql } from '../kernel/sql.ts';
import { openWarehouse } from '../stores/warehouse/open.ts';
import type { Warehouse } from '../stores/warehouse/port.ts';
import { createResolve } from './index.ts';

const { resolver } = createResolve();
const folder = mkdtempSync(joinPath(tmpdir(), 'resolve-'));
let warehouse: Warehouse;

beforeAll(async () => {
  warehouse = await openWarehouse(`chdb:${folder}`, { logger: silentLogger });
});
afterAll(async () => {
  await warehouse.close();
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  ['u', 'a', 'u'],
  ['u', '', 'u'],
  ['', 'a', 'a'],
  ['', '', ''],
])('user %j on device %j is %j', (user_id, anonymous_id, person) => {
  expect(resolver.personOf({ user_id, anonymous_id })).toBe(person);
});

test('the expression says the same of any identifiers', async () => {
  const id = fc.oneof(
    fc.constant(''),
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.constantFrom(' ', "o'neil\\", '0'),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ user_id: id, anonymous_id: id }), { minLength: 1, maxLength: 50 }),
      async (list) => {
        const rows = list.map(
          (ids, n) => sql`SELECT ${n} AS n, ${ids.user_id} AS user_id, ${ids.anonymous_id} AS anonymous_id`,
        );
        const found = await warehouse.query<{ person: string }>(
          sql`SELECT ${resolver.person_sql} AS person FROM (${join(rows, ' UNION ALL ')}) ORDER BY n`,
        );
        expect(found.map((row) => row.person)).toEqual(list.map((ids) => resolver.personOf(ids)));
      },
    ),
    { numRuns: 20 },
  );
});
