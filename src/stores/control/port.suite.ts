import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLogger } from '../../kernel/logger.ts';
import { param, sql, table } from '../../kernel/sql.ts';
import { killedThreeTimes } from '../crash.suite.ts';
import { folderPerTest } from '../folder-per-test.suite.ts';
import { testOnSmallDisk } from '../small-disk.suite.ts';
import { openControlDb } from './open.ts';
import type { ControlDb, ControlReader } from './port.ts';

const things = table('things');
const parts = table('parts');
const pairs = table('pairs');
const SCHEMA = `
  CREATE TABLE things (name TEXT NOT NULL PRIMARY KEY, number INTEGER, share DOUBLE PRECISION);
  CREATE TABLE parts (thing TEXT NOT NULL REFERENCES things (name), size INTEGER NOT NULL);
  CREATE TABLE pairs (id TEXT NOT NULL, half INTEGER NOT NULL, PRIMARY KEY (id, half));
`;

/** What every adapter of the control database must do; `urlOf` names the database in a folder. */
export function controlDbSuite(name: string, urlOf: (folder: string) => string): void {
  describe(`control database: ${name}`, () => {
    const folder = folderPerTest('control');
    let db: ControlDb;
    const open = (where = folder()): Promise<ControlDb> =>
      openControlDb(urlOf(where), { logger: silentLogger });
    const names = async (from: ControlReader = db): Promise<string[]> =>
      (await from.all<{ name: string }>(sql`SELECT name FROM ${things} ORDER BY name`)).map(
        (row) => row.name,
      );
    const add = (thing: string, number = 0) =>
      sql`INSERT INTO ${things} (name, number) VALUES (${thing}, ${number})`;
    beforeEach(async () => {
      db = await open();
      await db.script(SCHEMA);
    });
    afterEach(() => db.close());

    test('values come back: text as text, booleans as 0 and 1, null as null', async () => {
      const text = `it's "é🐎" \\ ; -- ? $1\n`;
      const row = { name: text, number: 1, share: 0.5 };
      expect(
        await db.run(sql`INSERT INTO ${things} (name, number, share) VALUES (${text}, ${true}, ${0.5})`),
      ).toBe(1);
      expect(await db.one(sql`SELECT * FROM ${things} WHERE name = ${text} AND number = ${1}`)).toEqual(row);
      await db.run(sql`UPDATE ${things} SET number = ${param(null, 'Int64')}`);
      expect(await db.all(sql`SELECT number FROM ${things}`)).toEqual([{ number: null }]);
      expect(await db.one(sql`SELECT * FROM ${things} WHERE name = ${'none'}`)).toBeUndefined();
    });

    test('run tells how many rows changed', async () => {
      for (const thing of ['a', 'b', 'c']) await db.run(add(thing));
      expect(await db.run(sql`UPDATE ${things} SET number = ${7} WHERE name <> ${'a'}`)).toBe(2);
      expect(await db.run(sql`DELETE FROM ${things} WHERE name = ${'none'}`)).toBe(0);
    });

    test('a transaction is all or nothing, and sees its own changes', async () => {
      const result = await db.transaction(async (tx) => {
        await tx.run(add('a'));
        expect(await names(tx)).toEqual(['a']);
        return 'done';
      });
      expect(result).toBe('done');
      const failing = db.transaction(async (tx) => {
        await tx.run(add('b'));
        throw new Error('changed my mind');
      });
      await expect(failing).rejects.toThrow('changed my mind');
      await expect(db.transaction((tx) => tx.run(add('a')))).rejects.toThrow();
      expect(await names()).toEqual(['a']);
    });

    test('what runs outside a transaction waits for it, also for one that is rolled back', async () => {
      const order: string[] = [];
      const failing = db.transaction(async (tx) => {
        await tx.run(add('inside'));
        await new Promise((resolve) => setTimeout(resolve, 20));
        order.push('inside');
        throw new Error('rolled back');
      });
      const outside = db.run(add('outside')).then(() => order.push('outside'));
      const after = db.transaction(async (tx) => {
        order.push('after');
        return names(tx);
      });
      await expect(failing).rejects.toThrow('rolled back');
      await outside;
      expect(await after).toEqual(['outside']);
      expect(order).toEqual(['inside', 'outside', 'after']);
    });

    test('transactions of many callers lose no update', async () => {
      await db.run(add('counter'));
      const steps = Array.from({ length: 100 }, () =>
        db.transaction(async (tx) => {
          const row = await tx.one<{ number: number }>(
            sql`SELECT number FROM ${things} WHERE name = ${'counter'}`,
          );
          await new Promise((resolve) => setImmediate(resolve));
          await tx.run(
            sql`UPDATE ${things} SET number = ${(row?.number ?? 0) + 1} WHERE name = ${'counter'}`,
          );
        }),
      );
      await Promise.all(steps);
      expect(await db.one(sql`SELECT number FROM ${things}`)).toEqual({ number: 100 });
    });

    test('a nested use of the database is a bug that shows, not one that hangs', async () => {
      const nested = db.transaction(async () => {
        await db.run(add('a'));
      });
      await expect(nested).rejects.toThrow('own handle');
      const late: { tx?: Parameters<Parameters<ControlDb['transaction']>[0]>[0] } = {};
      await db.transaction(async (tx) => {
        late.tx = tx;
      });
      await expect(async () => late.tx?.run(add('b'))).rejects.toThrow('after its end');
      expect(await names()).toEqual([]);
    });

    test('a script is one transaction', async () => {
      await db.script(`INSERT INTO things (name) VALUES ('a;b'); INSERT INTO things (name) VALUES ('c');`);
      await expect(
        db.script(`INSERT INTO things (name) VALUES ('d'); INSERT INTO nowhere VALUES (1);`),
      ).rejects.toThrow();
      expect(await names()).toEqual(['a;b', 'c']);
    });

    test('references are enforced, and lists are no values', async () => {
      await expect(
        db.run(sql`INSERT INTO ${parts} (thing, size) VALUES (${'none'}, ${1})`),
      ).rejects.toThrow();
      await expect(db.all(sql`SELECT ${param(['a'], 'Array(String)')} AS a`)).rejects.toThrow('no lists');
      await expect(db.all(sql`SELEC 1`)).rejects.toThrow();
    });

    test('what was acknowledged survives SIGKILL, whole transactions only', { timeout: 60_000 }, async () => {
      await db.close();
      const script = new URL('./port.crash.ts', import.meta.url);
      const acknowledged = await killedThreeTimes(script, urlOf(folder()), 30);
      db = await open();
      const rows = await db.all<{ id: string; halves: number }>(
        sql`SELECT id, count(*) AS halves FROM ${pairs} GROUP BY id`,
      );
      expect(rows.filter((row) => row.halves !== 2)).toEqual([]);
      const stored = new Set(rows.map((row) => row.id));
      expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
      // At most the one that was under way in each round is in without having been acknowledged.
      expect(stored.size - acknowledged.length).toBeLessThanOrEqual(3);
    });

    test('closed, it finishes what waits, refuses what comes, and closes again', async () => {
      await db.ping();
      const last = db.run(add('last'));
      await Promise.all([last, db.close()]);
      await db.close();
      await expect(db.ping()).rejects.toMatchObject({ code: 'store_unavailable' });
      await expect(db.transaction(async () => 1)).rejects.toMatchObject({ code: 'store_unavailable' });
      db = await open();
      expect(await names()).toEqual(['last']);
    });

    testOnSmallDisk(
      'a full disk refuses whole transactions, loses nothing, and recovers',
      8,
      async (disk) => {
        let full = await open(disk.folder);
        await full.script(SCHEMA);
        disk.fill(4_000_000);
        const text = 'x'.repeat(20_000);
        const two = (i: number) =>
          full.transaction(async (tx) => {
            await tx.run(add(`${i}a${text}`));
            await tx.run(add(`${i}b${text}`));
          });
        let stored = 0;
        for (let refusals = 0, i = 0; refusals < 3; i++)
          await two(i).then(
            () => {
              stored += 2;
            },
            (error: unknown) => {
              expect(error).toMatchObject({ code: 'store_unavailable', details: { retry_after_s: 5 } });
              refusals++;
            },
          );
        expect(await names(full)).toHaveLength(stored);
        disk.free();
        await two(-1);
        await full.close();
        full = await open(disk.folder);
        expect(await names(full)).toHaveLength(stored + 2);
        await full.close();
      },
    );
  });
}
