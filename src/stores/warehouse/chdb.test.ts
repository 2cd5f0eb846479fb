import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { silentLogger } from '../../kernel/logger.ts';
import { sql, statement, table } from '../../kernel/sql.ts';
import { testOnSmallDisk } from '../small-disk.suite.ts';
import { openWarehouse } from './open.ts';
import { warehouseSuite } from './port.suite.ts';

warehouseSuite('chdb', (folder) => `chdb:${folder}`);

test('a second process is told which one holds the folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-chdb-'));
  const warehouse = await openWarehouse(`chdb:${folder}`, { logger: silentLogger });
  const second = spawnSync(
    process.execPath,
    [new URL('./port.crash.ts', import.meta.url).pathname, `chdb:${folder}`, 'x'],
    { encoding: 'utf8' },
  );
  await warehouse.close();
  rmSync(folder, { recursive: true });
  expect(second.status).not.toBe(0);
  expect(second.stderr).toContain(
    `store_unavailable: Process ${process.pid} has the warehouse folder ${folder} open`,
  );
});

testOnSmallDisk('a full disk refuses inserts, loses nothing, and recovers', 64, async (disk) => {
  const url = `chdb:${join(disk.folder, 'warehouse')}`;
  const rows = table('rows');
  let warehouse = await openWarehouse(url, { logger: silentLogger });
  await warehouse.execute(
    statement('CREATE TABLE rows (id String, noise String) ENGINE = MergeTree ORDER BY id'),
  );
  disk.fill(40_000_000);
  const noise = () => Array.from({ length: 40 }, () => Math.random().toString(36)).join('');
  const batch = (i: number) =>
    Array.from({ length: 2_000 }, (_, k) => JSON.stringify({ id: `${i}-${k}`, noise: noise() }));
  const stored: string[] = [];
  for (let refusals = 0, i = 0; refusals < 3; i++)
    await warehouse.insert(rows, batch(i), { token: `${i}` }).then(
      () => stored.push(`${i}`),
      (error: unknown) => {
        expect(error).toMatchObject({ code: 'store_unavailable', details: { retry_after_s: 5 } });
        refusals++;
      },
    );
  disk.free();
  await warehouse.insert(rows, batch(-1), { token: 'after' });
  await warehouse.close();
  warehouse = await openWarehouse(url, { logger: silentLogger });
  expect(await warehouse.query(sql`SELECT count() AS n FROM ${rows}`)).toEqual([
    { n: (stored.length + 1) * 2_000 },
  ]);
  await warehouse.close();
});
