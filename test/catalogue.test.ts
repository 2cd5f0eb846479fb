/** Every stored field has an owner who said what it is; every operation has an access rule. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accessGaps, listedTwice, uncatalogued } from '../src/govern/index.ts';
import { sql } from '../src/kernel/sql.ts';
import { composeHere, type Here } from './compose-here.ts';

let here: Here;
beforeAll(async () => {
  here = await composeHere();
});
afterAll(() => here.remove());

test('every column of the warehouse and of the control database is in the catalogue, once', async () => {
  const warehouse = await here.stores.warehouse.query<{ field: string }>(
    sql`SELECT concat(table, '.', name) AS field FROM system.columns WHERE database = currentDatabase() ORDER BY field`,
  );
  const control = await here.stores.control.all<{ field: string }>(
    sql`SELECT m.name || '.' || p.name AS field FROM sqlite_master m, pragma_table_info(m.name) p
        WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'migrations' ORDER BY field`,
  );
  const columns = [...warehouse, ...control].map((row) => row.field);
  expect(columns).toContain('events.user_id');
  expect(columns).toContain('sources.name');
  expect(uncatalogued(columns, here.app.stages)).toEqual([]);
  expect(listedTwice(here.app.stages)).toEqual([]);
});

test('the catalogue names no column that does not exist', async () => {
  const tables = await here.stores.warehouse.query<{ name: string }>(
    sql`SELECT DISTINCT table AS name FROM system.columns WHERE database = currentDatabase()`,
  );
  const known = new Set(tables.map((row) => row.name));
  const columns = await here.stores.warehouse.query<{ field: string }>(
    sql`SELECT concat(table, '.', name) AS field FROM system.columns WHERE database = currentDatabase()`,
  );
  const there = new Set(columns.map((row) => row.field));
  const listed = here.app.stages
    .flatMap((stage) => [...stage.personal_fields, ...stage.plain_fields])
    .map((field) => field.field);
  expect(listed.filter((field) => known.has(field.split('.')[0] ?? '') && !there.has(field))).toEqual([]);
});

test('every operation has an access rule', () => {
  expect(here.app.operations.length).toBeGreaterThan(30);
  expect(accessGaps(here.app.operations)).toEqual([]);
});
