import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Definitions } from '../../govern/contract.ts';
import { DAY_MS, type FixedClock, fixedClock, HOUR_MS, MINUTE_MS } from '../../kernel/clock.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { createRng } from '../../kernel/rng.ts';
import { sql, statement } from '../../kernel/sql.ts';
import type { ControlDb } from '../../stores/control/port.ts';
import type { OnlineStore } from '../../stores/online/port.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import type { SegmentCommands } from '../contract.ts';
import { directory, openMemberships, openStores } from '../fixture-discover.ts';
import { openEvents, PEOPLE, type StoredEvent } from '../fixture-events.ts';
import { type DoneRuns, runsAtOnce } from '../fixture-runs.ts';
import { measureDrift } from './drift.service.ts';
import { createDiscover } from './index.ts';
import { createRunStore, type RunResult } from './run-store.service.ts';
import { parseSegmentation } from './segmentation.ts';

const NOW = Date.parse('2026-11-22T10:00:00.000Z');
const FEATURES = [
  { name: 'orders', measure: 'count', event: 'Order Completed' },
  { name: 'order_value', measure: 'average', event: 'Order Completed', property: 'revenue' },
  { name: 'days_since_visit', measure: 'days_since' },
];
let warehouse: Warehouse;
let control: ControlDb;
let online: OnlineStore;
let store: (events: readonly StoredEvent[]) => Promise<void>;
let clear: () => Promise<void>;
let close: () => Promise<void>;
let clock: FixedClock;
let runs: DoneRuns;

beforeAll(async () => {
  ({ warehouse, store, clear, close } = await openEvents());
  const stores = await openStores(NOW);
  ({ control, online } = stores);
  const closeWarehouse = close;
  close = async () => {
    await closeWarehouse();
    await stores.close();
  };
});
afterAll(() => close());
beforeEach(async () => {
  clock = fixedClock(NOW);
  runs = runsAtOnce();
  await clear();
  for (const name of [
    'segment_members',
    'segment_changes',
    'segmentation_features',
    'segmentation_assignments',
  ]) {
    await warehouse.execute(statement(`TRUNCATE TABLE ${name}`));
  }
  for (const name of ['runs', 'drift', 'titles', 'keys'])
    await control.run(statement(`DELETE FROM segmentation_${name}`));
  const left = await online.scan('', { limit: 10_000 });
  await online.commit({ remove: left.map(({ key }) => key) });
});

/** Thirty of each kind: many small orders, few large ones, and those who only looked long ago. */
function history(shift = 0): StoredEvent[] {
  const rng = createRng(3);
  return Array.from({ length: 90 }, (_, i) => {
    const user = `u${i}`;
    const at = (days: number) => new Date(NOW - days * DAY_MS).toISOString();
    const kind = (i + shift) % 3;
    if (kind === 2) return [{ user, at: at(100 + 5 * rng.next()), event: 'Looked' }];
    const [count, revenue, days] = kind === 0 ? [12, 20, 5] : [2, 200, 50];
    return Array.from({ length: count }, (__, n) => ({
      user,
      at: at(days + n / 4 + rng.next()),
      event: 'Order Completed',
      properties: { revenue: revenue + 5 * rng.next(), order_id: `${user}-${n}` },
    }));
  }).flat();
}

/** Six people of each kind have become another kind. */
const sixOfEachMoved = (): StoredEvent[] => [
  ...history().filter((e) => Number(e.user.slice(1)) >= 18),
  ...history(1).filter((e) => Number(e.user.slice(1)) < 18),
];

/** The process ends before anybody is put into a segment. */
let crash = false;
/** What was held back from use while it was written; empty: not any more. */
const withheld: string[][] = [];

/** Version 0: not released. */
function discover(body: Record<string, unknown>, version = 1) {
  const definitions: Definitions = {
    current: (kind) =>
      kind === 'segmentation' && version > 0 ? [{ kind, name: 'kinds', version, body }] : [],
    release: () => 7,
    onRelease: () => {},
  };
  const memberships = openMemberships({ warehouse, online, clock, definitions });
  const assign: SegmentCommands['assign'] = (input) =>
    crash ? Promise.reject(new Error('ended')) : memberships.work.commands.assign(input);
  const part = createDiscover({
    warehouse,
    control,
    clock,
    logger: silentLogger,
    definitions,
    runs,
    sql: PEOPLE,
    online,
    directory,
    commands: { ...memberships.work.commands, assign },
    assignedRuns: memberships.assignedRuns,
    withhold: async (segments) => {
      withheld.push([...segments]);
      return () => withheld.push([]);
    },
  });
  const actor = { id: 'u', name: 'Ada', kind: 'user' as const, roles: ['editor'] };
  const ask = async (name: string, input: Record<string, unknown> = {}) => {
    const operation = part.operations.find((o) => o.name === name);
    if (operation === undefined) throw new Error(`no operation ${name}`);
    const answer = await operation.handle(operation.input.parse({ name: 'kinds', ...input }), {
      actor,
      request_id: 'r',
    });
    return operation.output.parse(answer) as Record<string, unknown>;
  };
  const run = async () => {
    const { run: started } = await ask('segmentations.run');
    expect(started).toMatchObject({ state: 'done', error: '' });
    return (await ask('segmentations.get'))['run'] as RunResult;
  };
  return { part, ask, run, memberships };
}

const members = () =>
  warehouse.query<{ segment: string; people: number }>(
    sql`SELECT segment, count() AS people FROM segment_members FINAL WHERE member = 1 GROUP BY segment ORDER BY segment`,
  );
const kmeans = { method: 'kmeans', features: FEATURES, clusters: { min: 2, max: 4 } };

describe('a run', () => {
  test.each([
    kmeans,
    { method: 'dbscan', features: FEATURES },
    { method: 'hdbscan', features: FEATURES, min_cluster_share: 0.1 },
  ])('of $method puts everybody into the three kinds, in words', async (body) => {
    await store(history());
    const { run } = discover(body);
    const found = await run();
    expect(found.clusters.map((c) => c.people)).toEqual([30, 30, 30]);
    expect(found).toMatchObject({
      people: 90,
      sampled: 90,
      unassigned: 0,
      release: 7,
      definition_version: 1,
    });
    expect(found.candidates.filter((c) => c.chosen).length).toBe(1);
    expect(
      found.clusters.every((c) => c.segment === `kinds/${c.key}` && c.summary.includes('30 people (33 %)')),
    ).toBe(true);
    expect(found.clusters.map((c) => c.title).sort()).toEqual([
      'High order value',
      'Long since visit',
      'Many orders',
    ]);
    expect(found.features.map((f) => f.words)).toEqual([
      'number of Order Completed in 365 days',
      'average of revenue over Order Completed in 365 days',
      'days since the last event in 365 days',
    ]);
    expect(await members()).toEqual(
      ['high-order-value', 'long-since-visit', 'many-orders'].map((key) => ({
        segment: `kinds/${key}`,
        people: 30,
      })),
    );
    expect(new Set(found.picture?.points.map((p) => p.cluster)).size).toBe(3);
    expect(runs.told[0]).toBe('reading what people did');
  });

  test('of RFM names segments by score, and a second one keeps their names', async () => {
    await store(history());
    const { run } = discover({ method: 'rfm' });
    withheld.length = 0;
    const found = await run();
    expect(withheld).toEqual([found.clusters.map((c) => c.segment), []]);
    expect(found.people).toBe(60);
    expect(found.rfm?.recency.length).toBe(4);
    expect(found.clusters.reduce((sum, c) => sum + c.people, 0)).toBe(60);
    clock.advance(DAY_MS);
    const again = await run();
    expect(again.clusters.every((c) => c.kept_from === c.key)).toBe(true);
  });

  test('after another keeps names and titles, moves who moved, and ends what ended', async () => {
    await store(history());
    const { run, ask } = discover(kmeans);
    const first = await run();
    await ask('segmentations.rename-cluster', { cluster: 'many-orders', title: 'Regulars' });
    const twin = ask('segmentations.rename-cluster', { cluster: 'long-since-visit', title: 'regulars' });
    await expect(twin).rejects.toMatchObject({ code: 'conflict' });
    await clear();
    await store(sixOfEachMoved());
    clock.advance(DAY_MS);
    const second = await run();
    expect(second.clusters.map((c) => c.key).sort()).toEqual(first.clusters.map((c) => c.key).sort());
    expect(second.clusters.find((c) => c.key === 'many-orders')).toMatchObject({
      title: 'Regulars',
      kept_from: 'many-orders',
      overlap_before: 24 / 36,
    });
    expect((await members()).map((m) => m.people)).toEqual([30, 30, 30]);
    const since = await warehouse.query<{ people: number }>(
      sql`SELECT count() AS people FROM segment_members FINAL WHERE member = 1 GROUP BY since ORDER BY since`,
    );
    expect(since.map((s) => s.people)).toEqual([72, 18]);
    const kept = await warehouse.query<{ run: string }>(sql`SELECT DISTINCT run FROM segmentation_features`);
    expect(kept).toEqual([{ run: second.id }]);
    expect(((await ask('segmentations.runs'))['runs'] as unknown[]).length).toBe(2);
  });

  test('of a segmentation that is no longer released leaves nobody in its segments', async () => {
    await store(history());
    await discover(kmeans).run();
    clock.advance(1_000);
    const { part, memberships } = discover(kmeans, 0);
    await part.jobs[0]?.run({ signal: new AbortController().signal });
    await memberships.jobs();
    expect(await members()).toEqual([]);
    expect(await warehouse.query(sql`SELECT 1 AS x FROM segmentation_features`)).toEqual([]);
    const changes = await warehouse.query(
      sql`SELECT what, count() AS people FROM segment_changes FINAL GROUP BY what ORDER BY what`,
    );
    expect(changes).toEqual([
      { what: 'entered', people: 90 },
      { what: 'exited', people: 90 },
    ]);
  });

  test('that is cancelled before it writes leaves the segments as they were; later a cancel comes too late', async () => {
    await store(history());
    const { run, ask } = discover(kmeans);
    const first = await run();
    const before = await members();
    await store(history(1).map((e) => ({ ...e, user: `w${e.user}` })));
    const cancelledAt = async (what: string) => {
      runs = runsAtOnce(what);
      clock.advance(1_000);
      return (await discover(kmeans).ask('segmentations.run'))['run'];
    };
    expect(await cancelledAt('trying k = 3')).toMatchObject({ state: 'failed' });
    expect(await cancelledAt('placing everybody')).toMatchObject({ state: 'failed' });
    expect(await members()).toEqual(before);
    expect(await warehouse.query(sql`SELECT DISTINCT run FROM segmentation_features`)).toEqual([
      { run: first.id },
    ]);
    expect(await cancelledAt('writing who is in which segment')).toMatchObject({ state: 'done' });
    expect(((await ask('segmentations.runs'))['runs'] as RunResult[]).map((r) => r.people)).toEqual([
      180, 90,
    ]);
  });

  test('is told from the second one on, and one that was cut off is finished by the clock', async () => {
    await store(history());
    const { run, ask, part, memberships } = discover(kmeans);
    const byTheClock = () => part.jobs[0]?.run({ signal: new AbortController().signal });
    await run();
    await clear();
    await store(sixOfEachMoved());
    clock.advance(DAY_MS);
    crash = true;
    expect((await ask('segmentations.run'))['run']).toMatchObject({ state: 'failed' });
    crash = false;
    expect(await members()).toHaveLength(3);
    await memberships.jobs();
    expect(memberships.told).toEqual([]);
    await byTheClock();
    expect(runs.started).toHaveLength(2);
    clock.advance(15 * MINUTE_MS);
    await byTheClock();
    expect(runs.started.at(-1)).toMatchObject({ state: 'done', result: { entered: 18, exited: 18 } });
    await memberships.jobs();
    expect(memberships.told.filter(({ event }) => event === 'Segment Entered')).toHaveLength(18);
    expect(memberships.told).toHaveLength(36);
    await byTheClock();
    expect(runs.started).toHaveLength(3);
  });

  test('with too few people fails and says what to do', async () => {
    await store(history().slice(0, 20));
    const { ask } = discover(kmeans);
    expect((await ask('segmentations.run'))['run']).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('Widen the window'),
    });
    expect(await warehouse.query(sql`SELECT 1 AS x FROM segmentation_features`)).toEqual([]);
    await expect(ask('segmentations.get', { name: 'other' })).rejects.toMatchObject({ code: 'not_found' });
  });
});

test('what failed is tried again by the clock after an hour, not every few minutes', async () => {
  await store(history().slice(0, 20));
  const [job] = discover({ ...kmeans, refit_days: 7 }).part.jobs;
  const begun = async (after_ms: number) => {
    clock.advance(after_ms);
    await job?.run({ signal: new AbortController().signal });
    return runs.started.map((r) => r.state);
  };
  expect(await begun(0)).toEqual(['failed']);
  expect(await begun(5 * MINUTE_MS)).toEqual(['failed']);
  await store(history());
  expect(await begun(HOUR_MS)).toEqual(['failed', 'done']);
});

describe('drift', () => {
  test('is small while people are the same, and advises a refit when they are not', async () => {
    await store([...history(), ...history().map((e) => ({ ...e, user: `v${e.user}` }))]);
    const { run, ask, part } = discover({ ...kmeans, refit_on_drift: true });
    await run();
    await ask('segmentations.measure-drift');
    const reports = async () => (await ask('segmentations.drift'))['reports'] as Record<string, never>[];
    expect((await reports())[0]).toMatchObject({ refit: false, moved: { value: 0 }, people_now: 180 });
    await store(
      history().map((e) => ({ ...e, user: e.user, event: 'Order Completed', properties: { revenue: 900 } })),
    );
    clock.advance(2 * DAY_MS);
    await part.jobs[0]?.run({ signal: new AbortController().signal });
    const [shifted] = await reports();
    expect(shifted).toMatchObject({ refit: true });
    expect(String(shifted?.['reasons'])).toContain('shifted (PSI');
    clock.advance(60_000);
    await part.jobs[0]?.run({ signal: new AbortController().signal });
    expect(runs.started.map((r) => r.kind)).toEqual([
      'segment.fit',
      'segment.measure-drift',
      'segment.measure-drift',
      'segment.fit',
    ]);
    expect(((await ask('segmentations.get'))['run'] as RunResult).trigger).toBe('drift');
  });

  test('cuts a feature where the people are who have a value, not where those without would be', async () => {
    await store(history());
    const first = await discover(kmeans).run();
    const kept = await createRunStore(control).standing('kinds');
    const [orders, order_value] = kept?.kept.bins ?? [];
    expect(first.features.map((f) => f.missing_share)).toEqual([0, 1 / 3, 0]);
    expect(order_value?.cuts.length).toBe(9);
    expect(Math.min(...(order_value?.cuts ?? []))).toBeGreaterThan(20);
    // Thirty who never ordered are beyond the last cut; the others fill the bins evenly.
    expect(order_value?.people).toEqual([6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 30]);
    expect(orders).toMatchObject({ cuts: [0, 2, 12], people: [0, 30, 30, 30, 0] });
  });

  test('is not told from rows that a run took away meanwhile', async () => {
    await store(history());
    const first = await discover(kmeans).run();
    const stored = createRunStore(control);
    const measured = measureDrift(
      { name: 'kinds', body: parseSegmentation(kmeans), version: 1 },
      {
        warehouse,
        clock,
        people: PEOPLE,
        runs: {
          ...stored,
          standing: async (name) => {
            const standing = await stored.standing(name);
            // The run ends right after the drift has looked which one stands.
            if (standing?.run.id === first.id) {
              clock.advance(1_000);
              await discover(kmeans).run();
            }
            return standing;
          },
        },
      },
      { signal: new AbortController().signal, progress: () => {} },
    );
    await expect(measured).rejects.toMatchObject({ code: 'conflict' });
    expect(await stored.drift('kinds', 9)).toEqual([]);
  });

  test('needs a run of the same definition', async () => {
    await store(history());
    const { ask } = discover(kmeans);
    expect((await ask('segmentations.measure-drift'))['run']).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('no run'),
    });
    await discover(kmeans).run();
    const { run } = await discover(kmeans, 2).ask('segmentations.measure-drift');
    expect(run).toMatchObject({ state: 'failed', error: expect.stringContaining('changed') });
  });
});
