import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { controlScriptOf } from '../../kernel/fixture-tables.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { openControlDb } from '../../stores/control/open.ts';
import type { ControlDb } from '../../stores/control/port.ts';
import { createRunStore, type KeptModel, type RunResult, type RunStore } from './run-store.service.ts';

const folder = mkdtempSync(join(tmpdir(), 'run-store-'));
let control: ControlDb;
let runs: RunStore;
beforeAll(async () => {
  control = await openControlDb(`sqlite:${join(folder, 'control.db')}`, { logger: silentLogger });
  await control.script(controlScriptOf('segment'));
  runs = createRunStore(control);
});
afterAll(async () => {
  await control.close();
  rmSync(folder, { recursive: true });
});

/** As far as the store looks into it. */
const runOf = (id: string, keys: readonly string[]) =>
  ({
    ...{ id, segmentation: 'kinds', definition_version: 1, at: `2026-11-2${id}T10:00:00.000Z` },
    clusters: keys.map((key) => ({ key, title: key.toUpperCase() })),
  }) as unknown as RunResult;
const kept = { keys: [] } as unknown as KeptModel;

test('every key that a cluster has had stays used, also of clusters that ended and when no run stands any more', async () => {
  await runs.save(runOf('1', ['a', 'b']), kept);
  await runs.save(runOf('2', ['b', 'c']), kept);
  await runs.save(runOf('3', []), undefined);
  await runs.retire('kinds');
  expect([...(await runs.usedKeys('kinds'))].sort()).toEqual(['a', 'b', 'c']);
  expect(await runs.usedKeys('others')).toEqual(new Set());
});

test('a name that was given by hand and one that a cluster has by itself are told apart', async () => {
  await runs.rename('kinds', 'b', 'C');
  const [run] = (await runs.list('kinds', 2)).filter((one) => one.clusters.length > 0);
  expect(run?.clusters.map(({ key, title }) => [key, title])).toEqual([
    ['b', 'C'],
    ['c', 'C 2'],
  ]);
});
