import { expect, test } from 'vitest';
import { sql } from '../kernel/sql.ts';
import { listedTwice, uncatalogued } from './catalogue.ts';
import { openGovern } from './fixture.ts';

test('every column of govern is in the catalogue once', async () => {
  const { control, stage } = await openGovern();
  const columns = await control.all<{ field: string }>(
    sql`SELECT m.name || '.' || c.name AS field FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'`,
  );
  expect(columns.length).toBeGreaterThan(40);
  expect(
    uncatalogued(
      columns.map((c) => c.field),
      [stage],
    ),
  ).toEqual([]);
  expect(listedTwice([stage])).toEqual([]);
});

test('a column that nobody listed, and one listed twice, are found', () => {
  const plain = { personal_fields: [], plain_fields: [{ field: 'boxes.id' }] };
  expect(uncatalogued(['boxes.id', 'boxes.email'], [plain])).toEqual(['boxes.email']);
  expect(listedTwice([plain, plain])).toEqual(['boxes.id']);
});
