/** Discovered segments: put in by a run, carried along when people are joined, told once, closed, healed. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MINUTE_MS } from '../../kernel/clock.ts';
import type { PersonId } from '../../kernel/ids.ts';
import { type Sql, statement } from '../../kernel/sql.ts';
import type { NodeId, NodeMove } from '../../resolve/contract.ts';
import { SEGMENTATION_ASSIGNMENTS } from '../discover/feature-store.sql.ts';
import { logged, NOW_MS, openSegmentFixture, type SegmentFixture } from '../fixture.ts';
import {
  identifierAt,
  keyOf,
  membershipsFromChanges,
  onlineMemberships,
  storedMemberships,
} from '../fixture-memberships.ts';
import { openTestStream, type TestStream } from '../fixture-stream.ts';
import { digitsOf } from './changes.ts';

let fixture: SegmentFixture;
beforeAll(async () => {
  fixture = await openSegmentFixture();
}, 60_000);
afterAll(() => fixture.close());

const WHO = ['u1', 'u2', 'u3', 'a1', 'a2', 'a3'];
const CLUSTERS = ['gold', 'silver', 'bronze'];
const value = { kind: 'segmentation', name: 'value', version: 1, body: {} };
const person = (who: string): PersonId => keyOf(who) as string as PersonId;

/** Everybody was seen, nobody is in anything. */
async function open(): Promise<TestStream> {
  await fixture.clear();
  await fixture.warehouse.execute(statement('TRUNCATE TABLE segmentation_assignments'));
  fixture.clock.set(NOW_MS);
  const stream = openTestStream(fixture, identifierAt);
  stream.release([value]);
  const events = WHO.map((who, i) => ({
    position: i + 1,
    event: logged(who.startsWith('u') ? { user_id: who } : { user_id: '', anonymous_id: who }),
  }));
  await stream.feed(events);
  return stream;
}

/** The same stores after a crash. */
function reopened(before: TestStream, on: SegmentFixture = fixture): TestStream {
  const stream = openTestStream(on, identifierAt);
  for (const [node, owner] of before.people) stream.people.set(node, owner);
  stream.release([value]);
  return stream;
}

let runs = 0;
/** As a run does: rows first, then the command. `clusters` by person, -1 for none. */
async function assign(
  stream: TestStream,
  clusters: ReadonlyMap<PersonId, number>,
  names = CLUSTERS,
  fingerprint = 'a',
) {
  const assignment = await runOf(clusters, names, fingerprint);
  return stream.work.commands.assign(assignment);
}

async function runOf(clusters: ReadonlyMap<PersonId, number>, names = CLUSTERS, fingerprint = 'a') {
  const key = { segmentation: 'value', run: `run${++runs}` };
  await fixture.warehouse.insert(
    SEGMENTATION_ASSIGNMENTS,
    [...clusters].map(([who, cluster]) => JSON.stringify({ ...key, person: digitsOf(who), cluster })),
  );
  const segments = names.map((name, cluster) => ({ name: `value/${name}`, label: `The ${name}`, cluster }));
  return { ...key, version: 1, fingerprint, segments };
}

const of = (list: Readonly<Record<string, number>>): Map<PersonId, number> =>
  new Map(Object.entries(list).map(([who, cluster]) => [person(who), cluster]));
const places = async (stream: TestStream) => [
  await onlineMemberships(stream),
  await storedMemberships(fixture.warehouse),
  await membershipsFromChanges(fixture.warehouse),
];
const everywhere = (list: readonly string[]) => {
  const lines = list.map((one) => `value/${one.replace(/ (.*)$/, (_, who) => ` ${keyOf(who)}`)}`).sort();
  return [lines, lines, lines];
};

/** All nodes of a person go to another. */
function join(stream: TestStream, from: PersonId, to: PersonId): NodeMove[] {
  const nodes = [...stream.people].filter(([, owner]) => owner === from).map(([node]) => node);
  for (const node of nodes) stream.people.set(node, to);
  return nodes.map((node) => ({ node, from, to }));
}

/** A node goes back to the person of its own key. */
function part(stream: TestStream, node: NodeId): NodeMove[] {
  const from = stream.people.get(node) as PersonId;
  const to = node as string as PersonId;
  stream.people.set(node, to);
  return from === to ? [] : [{ node, from, to }];
}

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

test('who is in a segment that scans decide takes it along, and the next scan has the last word', async () => {
  const stream = await open();
  const rule = { predicate: 'count', event: 'Order Completed', at_least: 1 };
  const head = { label: 'Ordered', owner: 'crm', purpose: 'service', refresh: { every: 'manual' } };
  stream.release([value, { kind: 'segment', name: 'ordered', version: 1, body: { ...head, rule } }]);
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
    const crashed = reopened(stream, failingAfter(calls));
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

/** A warehouse and an online store that fail from the nth write on. */
function failingAfter(calls: number): SegmentFixture {
  let left = calls;
  const counted =
    <A extends unknown[], R>(write: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      left -= 1;
      if (left < 0) throw new Error('the process has ended');
      return write(...args);
    };
  const { warehouse, online } = fixture;
  return {
    ...fixture,
    warehouse: {
      ...warehouse,
      execute: counted((statement: Sql) => warehouse.execute(statement)),
      insert: counted((...args: Parameters<typeof warehouse.insert>) => warehouse.insert(...args)),
    },
    online: {
      ...online,
      commit: counted((...args: Parameters<typeof online.commit>) => online.commit(...args)),
    },
  };
}

type Act =
  | { readonly is: 'assign'; readonly clusters: readonly number[] }
  | { readonly is: 'join'; readonly pairs: readonly (readonly [string, string])[] }
  | { readonly is: 'part'; readonly who: string }
  | { readonly is: 'restart' };

const who = fc.constantFrom(...WHO);
const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof(
    fc.record({
      is: fc.constant('assign' as const),
      clusters: fc.array(fc.integer({ min: -1, max: 2 }), { minLength: 6, maxLength: 6 }),
    }),
    {
      weight: 3,
      arbitrary: fc.record({
        is: fc.constant('join' as const),
        pairs: fc.array(fc.tuple(who, who), { minLength: 1, maxLength: 3 }),
      }),
    },
    fc.record({ is: fc.constant('part' as const), who }),
    fc.record({ is: fc.constant('restart' as const) }),
  ),
  { minLength: 4, maxLength: 10 },
);

/** What is expected: of each person the cluster and since when. */
type Expected = Map<PersonId, { readonly cluster: number; readonly since: number }>;

/** After joins: who has none takes the earliest of those who came and have nobody left, through others as well. */
function carryOver(
  expected: Expected,
  moves: readonly NodeMove[],
  people: ReadonlySet<PersonId>,
  now: number,
): void {
  const from = new Map<PersonId, Set<PersonId>>();
  for (const move of moves) {
    const givers = from.get(move.to) ?? new Set();
    from.set(move.to, givers);
    for (const giver of [move.from, ...(from.get(move.from) ?? [])]) givers.add(giver);
  }
  const taken = [...from].flatMap(([to, givers]) => {
    if (!people.has(to) || expected.has(to)) return [];
    const [best] = [...givers]
      .filter((giver) => giver !== to && !people.has(giver))
      .flatMap((giver) => expected.get(giver) ?? [])
      .sort((a, b) => a.since - b.since || a.cluster - b.cluster);
    return best === undefined ? [] : [[to, { cluster: best.cluster, since: now }] as const];
  });
  for (const [to, one] of taken) expected.set(to, one);
  for (const owner of [...expected.keys()]) if (!people.has(owner)) expected.delete(owner);
}

test('random runs, joins and partings', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(acts, async (list) => {
      let stream = await open();
      const told: string[] = [];
      const expected: Expected = new Map();
      for (const [now, act] of list.entries()) {
        fixture.clock.advance(MINUTE_MS);
        const people = () => new Set(stream.people.values());
        if (act.is === 'assign') {
          const clusters = new Map([...people()].map((one, i) => [one, act.clusters[i] ?? -1]));
          // A run in which nobody is in a cluster ends without putting anybody anywhere.
          if ([...clusters.values()].every((cluster) => cluster < 0)) continue;
          const differ = [...clusters].map(([one, cluster]) => {
            const before = expected.get(one)?.cluster ?? -1;
            if (before !== cluster) expected.delete(one);
            if (before !== cluster && cluster >= 0) expected.set(one, { cluster, since: now });
            return before === cluster ? 0 : Number(before >= 0) + Number(cluster >= 0);
          });
          const { entered, exited } = await assign(stream, clusters);
          expect(entered + exited).toBe(differ.reduce((sum, n) => sum + n, 0));
        }
        if (act.is === 'join') {
          const moves = act.pairs.flatMap(([a, b]) => {
            const [from, to] = [stream.people.get(keyOf(a)), stream.people.get(keyOf(b))] as [
              PersonId,
              PersonId,
            ];
            return from === to ? [] : join(stream, from, to);
          });
          await stream.feed([], moves);
          carryOver(expected, moves, people(), now);
        }
        if (act.is === 'part') await stream.feed([], part(stream, keyOf(act.who)));
        if (act.is === 'restart') stream = reopened(stream);
        await stream.jobs();
        told.push(...stream.told.splice(0).map((one) => one.message_id));
        const lines = [...expected].map(([one, { cluster }]) => `value/${CLUSTERS[cluster]} ${one}`).sort();
        expect(await places(stream)).toEqual([lines, lines, lines]);
      }
      expect(new Set(told).size).toBe(told.length);
    }),
    { numRuns: 12, endOnFailure: true },
  );
});
