import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLogger } from '../../kernel/logger.ts';
import { eventLogSuite } from './port.suite.ts';
import type { EventLog } from './port.ts';
import { openSegmentEventLog } from './segments.ts';

eventLogSuite('segments', (folder) => `segments:${folder}`);

describe('segment files', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'plumbline-segments-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const files = (): string[] =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.log'))
      .sort();
  const open = (): Promise<EventLog> =>
    openSegmentEventLog(folder, { logger: silentLogger, segment_bytes: 2_000 });
  const fill = async (log: EventLog, appends: number): Promise<void> => {
    for (let i = 0; i < appends; i++) await log.append([`${log.end()}`.padEnd(150, '.')]);
  };
  const readAll = async (log: EventLog): Promise<string[]> =>
    (await log.read(log.start(), { max_records: 1_000 })).lines.map((line) => line.replaceAll('.', ''));
  const upTo = (from: number, to: number): string[] =>
    Array.from({ length: to - from + 1 }, (_, i) => `${from + i}`);

  test('a log goes on over many files, and trim removes whole ones', async () => {
    let log = await open();
    await fill(log, 60);
    const before = files();
    expect(before.length).toBeGreaterThan(4);
    await log.close();
    log = await open();
    expect(await readAll(log)).toEqual(upTo(1, 60));
    await log.trim(31);
    expect(files().length).toBeLessThan(before.length);
    expect(log.start()).toBeGreaterThan(1);
    expect(await readAll(log)).toEqual(upTo(log.start(), 60));
    await log.trim(61);
    expect(files()).toHaveLength(1);
    await log.close();
  });

  test('a commit that a crash left unfinished is cut off, whatever is left of it', async () => {
    for (const spoil of [
      (path: string) => appendFileSync(path, Buffer.alloc(500)),
      (path: string) => appendFileSync(path, readFileSync(path).subarray(0, 100)),
      (path: string) => truncateSync(path, readFileSync(path).length - 1),
    ]) {
      let log = await open();
      await fill(log, 5);
      const end = log.end();
      await log.close();
      spoil(join(folder, files().at(-1) ?? ''));
      log = await open();
      expect(log.end()).toBeGreaterThanOrEqual(end - 1);
      expect(await readAll(log)).toEqual(upTo(1, log.end() - 1));
      await fill(log, 1);
      await log.close();
    }
  });

  test('records that were refused, yet reached the file, give way to the next file', async () => {
    let log = await open();
    await fill(log, 3);
    await log.close();
    const [name = ''] = files();
    const kept = readFileSync(join(folder, name));
    log = await open();
    await fill(log, 1);
    await log.close();
    // As after a failed commit whose bytes could not be taken away: the next file begins at the same position.
    writeFileSync(join(folder, '0000000000000004.log'), '');
    log = await open();
    expect(log.end()).toBe(4);
    expect(readFileSync(join(folder, name)).equals(kept)).toBe(true);
    await log.close();
  });

  test('a file that is missing in the middle is named', async () => {
    const log = await open();
    await fill(log, 40);
    await log.close();
    rmSync(join(folder, files()[1] ?? ''));
    await expect(open()).rejects.toThrow('lacks positions');
  });
});
