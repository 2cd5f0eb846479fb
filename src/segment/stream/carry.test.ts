/** Discovered segments: put in by a run, carried along when people are joined, told once, closed, healed. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { logged, NOW_MS, openSegmentFixture, type SegmentFixture } from '../fixture.ts';
import {
  carrying,
  everywhere,
  failingAfter,
  join,
  of,
  part,
  person,
  value,
  WHO,
  whileScanning,
} from '../fixture-carry.ts';
import { keyOf, onlineMemberships, storedMemberships } from '../fixture-memberships.ts';

let fixture: SegmentFixture;
let { open, reopened, assign, runOf, places } = {} as ReturnType<typeof carrying>;
beforeAll(async () => {
  fixture = await openSegmentFixture();
  ({ open, reopened, assign, runOf, places } = carrying(fixture));
}, 60_000);
afterAll(() => fixture.close());

test('the first run is told to nobody; later ones tell who entered and who exited, once each', async () => {
  const stream = await open();
  expect(await assign(stream, of({ u1: 0, u2: 1, a1: 1, a2: -1 }))).toEqual({
    people: 3,
    entered: 3,
    exited: 0,
  });
  await stream.jobs();
  expect(stream.told).toEqual([]);
  expect(await places(stream)).toEqual(everywhere(['gold u1', 'silver u2', 'silver a1']));
  expect(await assign(stream, of({ u1: 1, u2: 1, a1: -1, a2: 2 }))).toEqual({
    people: 3,
    entered: 2,
    exited: 2,
  });
  await stream.jobs();
  const told = stream.told.map(({ event, user_id, anonymous_id, properties }) => [
    event,
    `${user_id}${anonymous_id}`,
    properties['segment'],
    properties['segment_label'],
    properties['cause'],
  ]);
  expect(told.sort()).toEqual(
    [
      ['Segment Entered', 'a2', 'value/bronze', 'The bronze', 'refresh'],
      ['Segment Entered', 'u1', 'value/silver', 'The silver', 'refresh'],
      ['Segment Exited', 'a1', 'value/silver', 'The silver', 'refresh'],
      ['Segment Exited', 'u1', 'value/gold', 'The gold', 'refresh'],
    ].sort(),
  );
  expect(await assign(stream, of({ u1: 1, u2: 1, a1: -1, a2: 2 }))).toMatchObject({ entered: 0, exited: 0 });
});

test('a cluster that ended is left, and told; people divided in another way are not told', async () => {
  const stream = await open();
  await assign(stream, of({ u1: 0, u2: 2 }));
  await assign(stream, of({ u1: 0, u2: 1 }), ['gold', 'silver']);
  await stream.jobs();
  expect(stream.told.map(({ event, properties }) => [event, properties['segment_label']]).sort()).toEqual([
    ['Segment Entered', 'The silver'],
    ['Segment Exited', 'The bronze'],
  ]);
  await assign(stream, of({ u1: 1, u2: 0 }), ['gold', 'silver'], 'another');
  await stream.jobs();
  expect(stream.told.length).toBe(2);
  expect(await places(stream)).toEqual(everywhere(['gold u2', 'silver u1']));
});

test('who signs in takes the cluster of the device along, and nobody is told', async () => {
  const stream = await open();
  await assign(stream, of({ a1: 0, u2: 1, a2: 2 }));
  await stream.feed(
    [],
    [...join(stream, person('a1'), person('u1')), ...join(stream, person('a2'), person('u2'))],
  );
  await stream.jobs();
  expect(await places(stream)).toEqual(everywhere(['gold u1', 'silver u2']));
  // The device was in another segment than the person: that one is left, and whoever listens hears it.
  expect(stream.told).toMatchObject([
    { event: 'Segment Exited', user_id: 'u2', properties: { segment: 'value/bronze', cause: 'merge' } },
  ]);
  await stream.feed([], part(stream, keyOf('a1')));
  expect(await places(stream)).toEqual(everywhere(['gold u1', 'silver u2']));
  await assign(stream, of({ a1: 0, u1: 1, u2: 1 }));
  expect(await places(stream)).toEqual(everywhere(['gold a1', 'silver u1', 'silver u2']));
});

const rule = { predicate: 'count', event: 'Order Completed', at_least: 1 };
const head = { label: 'Ordered', owner: 'crm', purpose: 'service', refresh: { every: 'manual' } };
const ordered = { kind: 'segment', name: 'ordered', version: 1, body: { ...head, rule } };

test('who is in a segment that scans decide takes it along, and the next scan has the last word', async () => {
  const stream = await open();
  stream.release([value, ordered]);
  await stream.jobs();
  // Everybody of the fixture has ordered; only the device of a1 goes to somebody who has not been scanned yet.
  await stream.feed([{ position: 10, event: logged({ user_id: 'u9' }) }]);
  const before = (await storedMemberships(fixture.warehouse)).filter((line) => line.startsWith('ordered'));
  expect(before).toHaveLength(WHO.length);
  await stream.feed([], join(stream, person('a1'), person('u9')));
  await stream.jobs();
  const [online, stored] = await places(stream);
  expect(online).toEqual(stored);
  expect(stored).toContain(`ordered ${keyOf('u9')}`);
  expect(stored).not.toContain(`ordered ${keyOf('a1')}`);
  expect(stream.told).toEqual([]);
  await stream.work.commands.refresh({ segments: ['ordered'] });
  expect((await places(stream))[1]).toEqual(stored);
});

test('who is joined while a scan goes on is left to the next one', async () => {
  const before = await open();
  before.release([value, ordered]);
  await before.jobs();
  const scanning = whileScanning(fixture);
  const stream = reopened(before, scanning.fixture);
  stream.release([value, ordered]);
  await stream.feed([{ position: 10, event: logged({ user_id: 'u9', event: 'Product Viewed' }) }]);
  scanning.once(() => stream.feed([], join(stream, person('a1'), person('u9'))));
  await stream.work.commands.refresh({ segments: ['ordered'] });
  expect(scanning.isDone()).toBe(true);
  await stream.jobs();
  const [online, stored, changes] = await places(stream);
  expect([online, changes]).toEqual([stored, stored]);
  expect(stored).toContain(`ordered ${keyOf('u9')}`);
  expect(stored).not.toContain(`ordered ${keyOf('a1')}`);
  expect(stream.told).toEqual([]);
});

test('people who go on through several others in one batch are one human being all the way', async () => {
  const stream = await open();
  await assign(stream, of({ a1: 0 }));
  const first = join(stream, person('a1'), person('a2'));
  await stream.feed([], [...first, ...join(stream, person('a2'), person('u1'))]);
  await stream.jobs();
  expect(await places(stream)).toEqual(everywhere(['gold u1']));
  expect(stream.told).toEqual([]);
});

test('a batch that was cut off anywhere takes everything along all the same', async () => {
  for (let kept = 0; ; kept++) {
    const stream = await open();
    await assign(stream, of({ a1: 0, u2: 1 }));
    const moves = join(stream, person('a1'), person('u1'));
    await fixture.storeIdentities(stream.people, 1_000_000);
    await stream.work.step.add({ events: [], moves });
    const { rows, online: changes } = await stream.work.step.take();
    for (const { into, lines } of rows) await fixture.warehouse.insert(into, lines);
    const put = changes.put ?? [];
    await fixture.online.commit({ put: put.slice(0, kept) });
    const again = reopened(stream);
    await again.feed([], moves);
    await again.jobs();
    expect(await places(again)).toEqual(everywhere(['gold u1', 'silver u2']));
    expect(again.told).toEqual([]);
    if (kept === put.length) return;
  }
});

test('people who were joined while the run was going on are put where they are now', async () => {
  const stream = await open();
  const run = await runOf(of({ a1: 0, a2: 1, u2: -1, u3: 2, a3: 1 }));
  await stream.feed(
    [],
    [
      ...join(stream, person('a1'), person('u1')),
      ...join(stream, person('a2'), person('u2')),
      ...join(stream, person('a3'), person('u3')),
    ],
  );
  await stream.work.commands.assign(run);
  expect(await places(stream)).toEqual(everywhere(['gold u1', 'silver u2', 'bronze u3']));
});

test('after an import people who were joined by it are where they are now, untold', async () => {
  const stream = await open();
  await assign(stream, of({ a1: 0, u2: 1 }));
  join(stream, person('a1'), person('u1'));
  await fixture.storeIdentities(stream.people, 1_000_000);
  await stream.work.importHistory({ from: new Date(0), to: new Date(NOW_MS) });
  await stream.jobs();
  expect(await places(stream)).toEqual(everywhere(['gold u1', 'silver u2']));
  expect(stream.told).toEqual([]);
});

test('a segmentation that is no longer released has nobody, and a run of it comes too late', async () => {
  const stream = await open();
  await assign(stream, of({ u1: 0, u2: 1 }));
  stream.release([]);
  expect(await onlineMemberships(stream)).toEqual([]);
  await stream.jobs();
  expect(await places(stream)).toEqual([[], [], []]);
  await expect(assign(stream, of({ u1: 0 }))).rejects.toMatchObject({ code: 'conflict' });
  stream.release([value]);
  await assign(stream, of({ u1: 1 }));
  await stream.jobs();
  expect(await places(stream)).toEqual(everywhere(['silver u1']));
  expect(stream.told).toEqual([]);
});

test('a run whose rows a later one took away empties nothing', async () => {
  const stream = await open();
  await assign(stream, of({ u1: 0 }));
  await expect(assign(stream, new Map())).rejects.toMatchObject({ code: 'conflict' });
  expect(await places(stream)).toEqual(everywhere(['gold u1']));
});

test('a run that a crash cut off anywhere is finished by the next try, and tells nothing twice', async () => {
  const before = of({ u1: 0, u2: 1, u3: 2, a1: 0 });
  const after = of({ u1: 1, u2: 1, u3: -1, a1: 2, a2: 0 });
  for (let calls = 1; ; calls++) {
    const stream = await open();
    await assign(stream, before);
    await stream.jobs();
    const run = await runOf(after);
    const crashed = reopened(stream, failingAfter(fixture, calls));
    const done = await crashed.work.commands.assign(run).then(
      () => true,
      () => false,
    );
    const healed = reopened(crashed);
    await healed.jobs();
    await healed.work.commands.assign(run);
    await healed.jobs();
    expect(await places(healed)).toEqual(everywhere(['silver u1', 'silver u2', 'bronze a1', 'gold a2']));
    const ids = [...crashed.told, ...healed.told].map((one) => one.message_id);
    expect(new Set(ids).size).toBe(6);
    if (done) return;
  }
});
