import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { silentLogger } from '../../kernel/logger.ts';
import { param, type Sql, sql, statement, table } from '../../kernel/sql.ts';
import { killedThreeTimes } from '../crash.suite.ts';
import { openWarehouse } from './open.ts';
import type { Warehouse } from './port.ts';

const things = table('things');
const SCHEMA = `CREATE TABLE things (
  id String, batch String, at DateTime64(3, 'UTC'), n Int64 DEFAULT 7, share Float64, flag Bool, tags Array(String), note Nullable(String)
) ENGINE = MergeTree PARTITION BY toYYYYMM(at) ORDER BY id
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000`;
const ENDLESS = sql`SELECT count() FROM numbers(${100_000_000_000}) WHERE sipHash64(number) = 3`;

/** What every adapter of the warehouse must do; `urlOf` names the warehouse in a folder. */
export function warehouseSuite(name: string, urlOf: (folder: string) => Promise<string> | string): void {
  describe(`warehouse: ${name}`, () => {
    let folder = '';
    let url = '';
    let warehouse: Warehouse;
    const open = (): Promise<Warehouse> => openWarehouse(url, { logger: silentLogger });
    const insert = (rows: readonly object[], token?: string): Promise<void> =>
      warehouse.insert(
        things,
        rows.map((row) => JSON.stringify(row)),
        token === undefined ? {} : { token },
      );
    const count = async (where: Sql = sql`1`): Promise<number> =>
      (
        await warehouse.query<{ found: number }>(sql`SELECT count() AS found FROM ${things} WHERE ${where}`)
      )[0]?.found ?? -1;
    const many = (rows: number, batch: string) =>
      Array.from({ length: rows }, (_, i) => ({ id: `${batch}-${i}`, batch }));
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'plumbline-warehouse-'));
      url = await urlOf(folder);
      warehouse = await open();
    });
    afterAll(async () => {
      await warehouse.close();
      rmSync(folder, { recursive: true, force: true });
    });
    beforeEach(async () => {
      await warehouse.execute(sql`DROP TABLE IF EXISTS ${things}`);
      await warehouse.execute(statement(SCHEMA));
    });

    test('a row comes back as it went in', async () => {
      const row = {
        id: `it's "é🐎" \\ \n\t \u0000`,
        batch: '/',
        at: '2026-11-22T10:00:00.123Z',
        n: -9_007_199_254_740_991,
        share: 0.1,
        flag: true,
        tags: ['a', "b'c"],
        note: null,
      };
      await insert([row]);
      expect(await warehouse.query(sql`SELECT * FROM ${things}`)).toEqual([row]);
      expect(
        await warehouse.query(sql`SELECT n FROM ${things} WHERE id = ${row.id} AND flag = ${true}`),
      ).toEqual([{ n: row.n }]);
      const at = param('2026-11-22T11:00:00.123+01:00', 'DateTime64(3)');
      expect(
        await count(sql`at = ${at} AND share < ${0.2} AND has(${param(['/'], 'Array(String)')}, batch)`),
      ).toBe(1);
    });

    test('unknown keys are ignored, missing and null ones take the default', async () => {
      await insert([
        { id: 'a', other: { deep: [1] } },
        { id: 'b', n: null, at: '2026-01-02T03:04:05Z' },
      ]);
      expect(await warehouse.query(sql`SELECT id, n, at, tags FROM ${things} ORDER BY id`)).toEqual([
        { id: 'a', n: 7, at: '1970-01-01T00:00:00.000Z', tags: [] },
        { id: 'b', n: 7, at: '2026-01-02T03:04:05.000Z', tags: [] },
      ]);
    });

    test('times are UTC, counts are numbers, and no rows are an empty list', async () => {
      const [row] = await warehouse.query<{ zone: string; n: number; ms: string }>(
        sql`SELECT timezone() AS zone, toUInt64(9007199254740991) AS n, toDateTime64(0, 3) AS ms`,
      );
      expect(row).toEqual({ zone: 'UTC', n: 9_007_199_254_740_991, ms: '1970-01-01T00:00:00.000Z' });
      expect(await warehouse.query(sql`SELECT * FROM ${things}`)).toEqual([]);
    });

    test('the same token inserts once; without a token every insert counts', async () => {
      const rows = many(100, 'a').map((row, i) => ({ ...row, at: `2026-0${1 + (i % 3)}-01T00:00:00Z` }));
      await insert(rows, 't1');
      await insert(rows, 't1');
      expect(await count()).toBe(100);
      await insert(rows, 't2');
      await insert(rows);
      await insert(rows);
      expect(await count()).toBe(400);
      await insert([]);
    });

    test('a large insert is one part, and repeats as one', async () => {
      const rows = many(60_000, 'large').map((row) => ({ ...row, note: 'x'.repeat(400) }));
      await insert(rows, 'large');
      await insert(rows, 'large');
      expect(await count()).toBe(60_000);
      expect(
        await warehouse.query(
          sql`SELECT count() AS parts FROM system.parts WHERE table = ${'things'} AND active AND database = currentDatabase()`,
        ),
      ).toEqual([{ parts: 1 }]);
    });

    test('an insert that cannot be read stores nothing', async () => {
      const lines = [JSON.stringify({ id: 'ok' }), '{"id": ', JSON.stringify({ id: 'ok' })];
      await expect(warehouse.insert(things, lines)).rejects.toThrow();
      await expect(warehouse.insert(table('nowhere'), ['{}'])).rejects.toThrow();
      expect(await count()).toBe(0);
    });

    test('rows are visible to what starts after the insert, from many callers at once', async () => {
      const callers = Array.from({ length: 8 }, async (_, caller) => {
        for (let i = 0; i < 5; i++) {
          await insert(many(20, `${caller}-${i}`), `${caller}-${i}`);
          expect(await count(sql`startsWith(batch, ${`${caller}-`})`)).toBe((i + 1) * 20);
        }
      });
      await Promise.all(callers);
      expect(await count()).toBe(800);
    });

    test('a mutation is done when it resolves', async () => {
      await insert(many(1_000, 'a'));
      await warehouse.execute(sql`ALTER TABLE ${things} UPDATE n = ${1} WHERE endsWith(id, '0')`);
      expect(await count(sql`n = 1`)).toBe(100);
      await warehouse.execute(sql`ALTER TABLE ${things} DELETE WHERE n = ${1}`);
      expect(await count()).toBe(900);
      await warehouse.execute(sql`DELETE FROM ${things} WHERE endsWith(id, ${'1'})`);
      expect(await count()).toBe(800);
      await warehouse.execute(sql`INSERT INTO ${things} (id) SELECT 'copy' FROM ${things}`);
      expect(await count(sql`id = 'copy'`)).toBe(800);
    });

    test('a query over its time is stopped and refused; the next ones run', async () => {
      const late = { code: 'store_unavailable', details: { retry_after_s: 5 } };
      const running = Array.from({ length: 6 }, () => warehouse.query(ENDLESS, { timeout_ms: 300 }));
      await warehouse.ping();
      await insert(many(10, 'meanwhile'));
      for (const outcome of await Promise.allSettled(running))
        expect(outcome).toMatchObject({ status: 'rejected', reason: late });
      expect(await count()).toBe(10);
      const [row] = await warehouse.query<{ n: number }>(
        sql`SELECT count() AS n FROM system.processes WHERE NOT is_cancelled AND query LIKE '%sipHash64(number) = 3'`,
      );
      expect(row).toEqual({ n: 0 });
    });

    test('wrong SQL is a bug, not a refusal', async () => {
      const error = await warehouse.query(sql`SELECT nothing FROM ${things}`).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(Error);
      expect(error).not.toMatchObject({ code: 'store_unavailable' });
    });

    test('close stops what runs, keeps what was inserted, and can be repeated', async () => {
      const running = Promise.allSettled(Array.from({ length: 4 }, () => warehouse.query(ENDLESS)));
      const inserted = insert(many(50, 'last'));
      await new Promise((resolve) => setTimeout(resolve, 100));
      await Promise.all([warehouse.close(), inserted]);
      await warehouse.close();
      for (const outcome of await running)
        expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'store_unavailable' } });
      await expect(warehouse.ping()).rejects.toMatchObject({ code: 'store_unavailable' });
      await expect(insert(many(1, 'late'))).rejects.toMatchObject({ code: 'store_unavailable' });
      warehouse = await open();
      expect(await count()).toBe(50);
    });

    test('what was acknowledged survives SIGKILL; sent again with its token it is there once', async () => {
      await warehouse.close();
      const acknowledged = await killedThreeTimes(new URL('./port.crash.ts', import.meta.url), url, 10);
      warehouse = await open();
      const stored = async (): Promise<string[]> => {
        const batches = await warehouse.query<{ batch: string; n: number }>(
          sql`SELECT batch, count() AS n FROM ${things} GROUP BY batch`,
        );
        expect(batches.filter((batch) => batch.n !== 10)).toEqual([]);
        return batches.map((batch) => batch.batch);
      };
      const before = await stored();
      expect(acknowledged.filter((token) => !before.includes(token))).toEqual([]);
      for (const token of before.slice(-5)) await insert(many(10, token), token);
      // A server may still have been writing what the killed one had sent: one batch more, and whole.
      expect(await stored()).toEqual(expect.arrayContaining(before));
    });
  });
}
