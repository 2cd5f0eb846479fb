import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLogger } from '../../kernel/logger.ts';
import { killedThreeTimes } from '../crash.suite.ts';
import { folderPerTest } from '../folder-per-test.suite.ts';
import { testOnSmallDisk } from '../small-disk.suite.ts';
import { openEventLog } from './open.ts';
import type { EventLog, Position } from './port.ts';

/** What every adapter of the event log must do; `urlOf` names the log in a folder. */
export function eventLogSuite(name: string, urlOf: (folder: string) => string): void {
  describe(`event log: ${name}`, () => {
    const folder = folderPerTest('log');
    let log: EventLog;
    const open = (where = folder()): Promise<EventLog> =>
      openEventLog(urlOf(where), { logger: silentLogger });
    beforeEach(async () => {
      log = await open();
    });
    afterEach(() => log.close());

    test('positions start at 1 and grow by one for each record', async () => {
      expect([log.start(), log.end()]).toEqual([1, 1]);
      expect(await log.append(['a', 'b'])).toBe(1);
      expect(await log.append([])).toBe(3);
      expect(await log.append(['c'])).toBe(3);
      expect([log.start(), log.end()]).toEqual([1, 4]);
      expect(await log.read(1, { max_records: 10 })).toEqual({ first: 1, lines: ['a', 'b', 'c'] });
    });

    test('a read begins anywhere, ends at its limit, and finds nothing past the end', async () => {
      for (let i = 1; i <= 5; i++) await log.append([`${i}a`, `${i}b`]);
      expect(await log.read(4, { max_records: 3 })).toEqual({ first: 4, lines: ['2b', '3a', '3b'] });
      expect(await log.read(10, { max_records: 3 })).toEqual({ first: 10, lines: ['5b'] });
      expect(await log.read(11, { max_records: 3 })).toEqual({ first: 11, lines: [] });
      await expect(log.read(1.5, { max_records: 3 })).rejects.toThrow('whole position');
      await expect(log.read(1, { max_records: 0 })).rejects.toThrow('at least one');
    });

    test('lines of one append stay together, whoever else appends', async () => {
      const appends = Array.from({ length: 200 }, (_, i) => [`${i}.0`, `${i}.1`, `${i}.2`]);
      const firsts = await Promise.all(appends.map((lines) => log.append(lines)));
      for (const [i, first] of firsts.entries())
        expect((await log.read(first, { max_records: 3 })).lines).toEqual(appends[i]);
      expect(log.end()).toBe(601);
      expect(firsts).toEqual(firsts.toSorted((a, b) => a - b));
    });

    test('text comes back as it went in', async () => {
      const lines = ['', ' ', '\r', '\u2028\u0000', 'žluťoučký 🐎', '{"a":"\\n"}', 'x'.repeat(1_048_576)];
      await log.append(lines);
      await log.close();
      log = await open();
      expect((await log.read(1, { max_records: 10 })).lines).toEqual(lines);
    });

    test('a record with a line break or over 1 MiB is refused, and nothing is appended', async () => {
      await expect(log.append(['ok', 'a\nb'])).rejects.toThrow('one line');
      await expect(log.append(['ok', 'x'.repeat(1_048_577)])).rejects.toThrow('1 MiB');
      await expect(log.append(['é'.repeat(600_000)])).rejects.toThrow('1 MiB');
      expect(log.end()).toBe(1);
    });

    test('waitPast resolves when the end passes, at once when it has, and on abort', async () => {
      const never = new AbortController();
      let passed = false;
      const waiting = log.waitPast(2, never.signal).then(() => {
        passed = true;
      });
      await log.append(['a']);
      await new Promise((resolve) => setImmediate(resolve));
      expect(passed).toBe(false);
      await log.append(['b']);
      await waiting;
      await log.waitPast(1, never.signal);
      const abort = new AbortController();
      const aborted = log.waitPast(100, abort.signal);
      abort.abort();
      await aborted;
      await log.waitPast(100, abort.signal);
    });

    test('what was trimmed is gone, what follows is kept, also after a restart', async () => {
      for (let i = 0; i < 20; i++)
        await log.append(Array.from({ length: 10 }, (_, k) => `${i * 10 + k + 1}`));
      await log.trim(101);
      expect(log.start()).toBeLessThanOrEqual(101);
      const first = log.start();
      for (let again = 0; again < 2; again++) {
        expect(await log.read(1, { max_records: 2 })).toEqual({ first, lines: [`${first}`, `${first + 1}`] });
        expect((await log.read(101, { max_records: 1 })).lines).toEqual(['101']);
        await log.close();
        log = await open();
        expect([log.start(), log.end()]).toEqual([first, 201]);
      }
      await log.trim(10_000);
      expect(await log.append(['next'])).toBe(201);
    });

    test('any run of appends, reads, trims and restarts agrees with a list', {
      timeout: 60_000,
    }, async () => {
      const line = fc.string({ unit: 'grapheme', maxLength: 30 }).map((s) => s.replaceAll('\n', ' '));
      const step = fc.oneof(
        {
          weight: 5,
          arbitrary: fc
            .array(fc.array(line, { maxLength: 4 }), { maxLength: 5 })
            .map((appends) => ({ appends })),
        },
        { weight: 4, arbitrary: fc.record({ from: fc.nat(60), max: fc.integer({ min: 1, max: 20 }) }) },
        { weight: 1, arbitrary: fc.nat(60).map((trim) => ({ trim })) },
        { weight: 1, arbitrary: fc.constant({ restart: true }) },
      );
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
          const here = mkdtempSync(join(tmpdir(), 'plumbline-log-'));
          let tried = await open(here);
          const all: string[] = [];
          for (const s of steps) {
            if ('appends' in s) {
              await Promise.all(s.appends.map((lines) => tried.append(lines)));
              for (const lines of s.appends) all.push(...lines);
            } else if ('from' in s) {
              const { first, lines } = await tried.read(s.from, { max_records: s.max });
              expect(first).toBe(Math.max(s.from, tried.start()));
              expect(lines).toEqual(all.slice(first - 1, first - 1 + lines.length));
              if (first < tried.end()) expect(lines.length).toBeGreaterThan(0);
            } else if ('trim' in s) {
              await tried.trim(s.trim);
            } else {
              await tried.close();
              tried = await open(here);
            }
            expect(tried.end()).toBe(all.length + 1);
          }
          await tried.close();
          rmSync(here, { recursive: true });
        }),
        { numRuns: 40 },
      );
    });

    test('what was acknowledged survives SIGKILL, once and in place', { timeout: 60_000 }, async () => {
      await log.close();
      const script = new URL('./port.crash.ts', import.meta.url);
      const acknowledged = await killedThreeTimes(script, urlOf(folder()), 100);
      log = await open();
      const lines: string[] = [];
      while (log.start() + lines.length < log.end())
        lines.push(...(await log.read(log.start() + lines.length, { max_records: 1_000 })).lines);
      expect(new Set(lines).size).toBe(lines.length);
      for (const report of acknowledged) {
        const [position = '', line = ''] = report.split(' ');
        expect(lines.slice(Number(position) - 1, Number(position) + 1)).toEqual([line, `${line}+`]);
      }
      expect(acknowledged.length).toBeGreaterThanOrEqual(300);
    });

    test('one opening at a time holds the log', async () => {
      await expect(open()).rejects.toMatchObject({ code: 'log_unavailable' });
      await log.close();
      log = await open();
    });

    test('a closed log refuses, wakes who waits, and closes again', async () => {
      const waiting = log.waitPast(10, new AbortController().signal);
      const last = log.append(['last']);
      await Promise.all([log.close(), last, waiting]);
      await log.close();
      await expect(log.append(['a'])).rejects.toMatchObject({ code: 'log_unavailable' });
      await expect(log.read(1, { max_records: 1 })).rejects.toMatchObject({ code: 'log_unavailable' });
      await expect(log.ping()).rejects.toMatchObject({ code: 'log_unavailable' });
      log = await open();
      expect((await log.read(1, { max_records: 1 })).lines).toEqual(['last']);
    });

    testOnSmallDisk('a full disk refuses, loses nothing, and recovers', 8, async (disk) => {
      const full = await open(disk.folder);
      const lines = Array.from({ length: 20 }, (_, i) => `${i}`.padEnd(700, 'x'));
      const stored: Position[] = [];
      try {
        disk.fill(3_000_000);
        let refusals = 0;
        while (refusals < 5) {
          await full.append(lines).then(
            (first) => stored.push(first),
            (error: unknown) => {
              expect(error).toMatchObject({ code: 'log_unavailable', details: { retry_after_s: 5 } });
              refusals++;
            },
          );
        }
        await expect(full.ping()).rejects.toMatchObject({ code: 'log_unavailable' });
        expect(full.end()).toBe(stored.length * 20 + 1);
        disk.free();
        await full.ping();
        expect(await full.append(['after'])).toBe(stored.length * 20 + 1);
      } finally {
        await full.close();
      }
      const again = await open(disk.folder);
      for (const first of stored) expect((await again.read(first, { max_records: 20 })).lines).toEqual(lines);
      expect((await again.read(again.end() - 1, { max_records: 1 })).lines).toEqual(['after']);
      await again.close();
    });
  });
}
