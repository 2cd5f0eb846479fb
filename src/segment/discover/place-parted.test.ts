/** Who is taken apart after a run is where that run would have put each of them. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Runs } from '../../govern/contract.ts';
import { DAY_MS } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Job } from '../../kernel/job.ts';
import { silentLogger } from '../../kernel/logger.ts';
import type { NodeId, NodeMove } from '../../resolve/contract.ts';
import {
  iso,
  logged,
  NOW_MS,
  nodeOf,
  openSegmentFixture,
  type SegmentFixture,
  testPeople,
} from '../fixture.ts';
import { join, part } from '../fixture-carry.ts';
import { onlineMemberships, storedMemberships } from '../fixture-memberships.ts';
import { runsAtOnce } from '../fixture-runs.ts';
import { openTestStream, type TestStream } from '../fixture-stream.ts';
import { assignedRuns, BUILT_KEY, type Built, NOTHING_BUILT } from '../stream/built.ts';
import { PARTED_RUN_PREFIX } from '../stream/parted.ts';
import { createDiscover } from './index.ts';

let fixture: SegmentFixture;
beforeAll(async () => {
  fixture = await openSegmentFixture();
}, 60_000);
afterAll(() => fixture.close());

const cuts = { recency: [10, 20, 30, 40], frequency: [2, 4, 6, 8], monetary: [100, 200, 300, 400] };
const measures = [
  { name: 'orders', measure: 'count', event: 'Order Completed' },
  { name: 'spent', measure: 'sum', event: 'Order Completed', property: 'revenue' },
];
const METHODS = {
  rfm: { method: 'rfm', rfm: { bins: cuts } },
  kmeans: { method: 'kmeans', features: measures, clusters: { min: 2, max: 3 } },
  dbscan: { method: 'dbscan', features: measures, eps: 0.8, min_points: 4 },
};

const orders = (user_id: string, count: number, days: number, revenue: number) =>
  Array.from({ length: count }, (_, i) =>
    logged({
      user_id,
      timestamp: iso(NOW_MS - (days + i / 10) * DAY_MS),
      received_at: iso(NOW_MS - (days + i / 10) * DAY_MS),
      message_id: `${user_id}-${i}`,
      properties: JSON.stringify({ revenue: revenue + (i % 3), order_id: `${user_id}-${i}` }),
    }),
  );
/** Half of them order much and often, half ordered little and long ago. */
const isGood = (i: number): boolean => i % 2 === 0;
const HISTORY = Array.from({ length: 40 }, (_, i) =>
  isGood(i) ? orders(`w${i}`, 10 + (i % 3), 2, 100) : orders(`w${i}`, 1, 50 + (i % 5), 10),
).flat();
const nodeOfUser = (user_id: string): NodeId => nodeOf({ user_id, anonymous_id: '' });

/** While it is busy, a run of the segmentation is going on. */
const busyRuns = (busy: { readonly is: boolean }): Runs => {
  const runs = runsAtOnce();
  return {
    start: (...args) =>
      busy.is
        ? Promise.reject(new AppError('conflict', { message: 'It is running already.' }))
        : runs.start(...args),
  };
};

async function opened(body: Record<string, unknown>, busy = { is: false }) {
  await fixture.clear();
  await fixture.control.script('DELETE FROM segmentation_runs');
  fixture.clock.set(NOW_MS);
  const stream = openTestStream(fixture, () => undefined);
  stream.release([
    { kind: 'segmentation', name: 'value', version: 1, body: { ...body, owner: 'a', purpose: 'b' } },
  ]);
  await stream.feed(HISTORY.map((event, i) => ({ position: i + 1, event })));
  const part = createDiscover({
    ...fixture,
    logger: silentLogger,
    definitions: stream.definitions,
    runs: busyRuns(busy),
    sql: testPeople,
    directory: stream.directory,
    commands: stream.work.commands,
    assignedRuns: async () => assignedRuns((await fixture.online.get<Built>(BUILT_KEY)) ?? NOTHING_BUILT),
    withhold: async () => () => {},
  });
  const job = part.jobs.find(({ name }) => name === 'segment.place-parted') as Job;
  const placeParted = () => job.run({ signal: new AbortController().signal });
  const run = async () => {
    const operation = part.operations.find(({ name }) => name === 'segmentations.run');
    const actor = { id: 'u', name: 'Ada', kind: 'user' as const, roles: ['editor'] };
    const answer = await operation?.handle({ name: 'value' }, { actor, request_id: 'r' });
    expect(answer).toMatchObject({ run: { state: 'done', error: '' } });
  };
  const segmentOf = async (user: string) => {
    const stored = await storedMemberships(fixture.warehouse);
    expect(await onlineMemberships(stream)).toEqual(stored);
    return stored.find((line) => line.endsWith(nodeOfUser(user)))?.split(' ')[0];
  };
  return { stream, run, placeParted, segmentOf };
}

const moveOf = (stream: TestStream, from: string, to: string): NodeMove[] =>
  join(stream, nodeOfUser(from) as string as never, nodeOfUser(to) as string as never);

test.each(Object.entries(METHODS))('%s', async (_, body) => {
  const { stream, run, placeParted, segmentOf } = await opened(body);
  // A good one is taken for the same as one who ordered little: the run sees one good person.
  await stream.feed([], moveOf(stream, 'w0', 'w1'));
  await run();
  const [good, little] = [await segmentOf('w2'), await segmentOf('w3')];
  expect(good).toBeDefined();
  expect(little).not.toBe(good);
  expect([await segmentOf('w1'), await segmentOf('w0')]).toEqual([good, undefined]);

  await stream.feed([], part(stream, nodeOfUser('w0')));
  await placeParted();
  expect([await segmentOf('w1'), await segmentOf('w0')]).toEqual([little, good]);
  expect(await fixture.online.scan(PARTED_RUN_PREFIX, { limit: 1 })).toEqual([]);
  // What the run says of them has changed with it: putting everybody in by it again changes nothing.
  const before = await storedMemberships(fixture.warehouse);
  await stream.work.importHistory({ from: new Date(0), to: new Date(NOW_MS) });
  expect(await storedMemberships(fixture.warehouse)).toEqual(before);
  expect(before).toHaveLength(40);
});

test('while a run goes on they wait for it to end', async () => {
  const busy = { is: false };
  const { stream, run, placeParted, segmentOf } = await opened(METHODS.rfm, busy);
  await stream.feed([], moveOf(stream, 'w0', 'w1'));
  await run();
  await stream.feed([], part(stream, nodeOfUser('w0')));
  busy.is = true;
  await placeParted();
  expect(await segmentOf('w0')).toBeUndefined();
  busy.is = false;
  await placeParted();
  expect(await segmentOf('w0')).toBe(await segmentOf('w2'));
});
