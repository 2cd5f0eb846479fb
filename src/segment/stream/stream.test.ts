/** The stream and SQL agree: whatever the order of arrival, through merges and their undoing, releases, and time. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LoggedEvent } from '../../collect/contract.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../kernel/clock.ts';
import type { PersonId } from '../../kernel/ids.ts';
import { hexOf } from '../../kernel/key64.ts';
import { sql, statement } from '../../kernel/sql.ts';
import type { NodeMove } from '../../resolve/contract.ts';
import { questionOf, scanSql } from '../compile/scan.sql.ts';
import { compileSet } from '../compile/segment-set.ts';
import {
  iso,
  logged,
  NOW_MS,
  openSegmentFixture,
  type SegmentFixture,
  testPeople,
  testTraits,
} from '../fixture.ts';
import {
  identifierAt,
  keyOf as key,
  membershipsFromChanges,
  onlineMemberships,
  storedMemberships,
} from '../fixture-memberships.ts';
import { histories, rules, traitSets } from '../fixture-rules.ts';
import { openTestStream, type TestStream } from '../fixture-stream.ts';

let fixture: SegmentFixture;
beforeAll(async () => {
  fixture = await openSegmentFixture();
}, 60_000);
afterAll(() => fixture.close());

const open = async (): Promise<TestStream> => {
  await fixture.clear();
  await fixture.warehouse.execute(statement('TRUNCATE TABLE segment_refreshes'));
  fixture.clock.set(NOW_MS);
  return openTestStream(fixture, identifierAt);
};

const body = (rule: object, more: object = {}) => ({ label: 'x', owner: 'x', purpose: 'x', rule, ...more });
const released = (list: readonly object[]) =>
  list.map((one, i) => ({ kind: 'segment', name: `s${i}`, version: 1, body: one }));

async function bySql(stream: TestStream, list: ReturnType<typeof released>): Promise<string[]> {
  const set = compileSet(list);
  const now_ms = fixture.clock.now_ms();
  const questions = set.segments.map((segment) => questionOf(segment, now_ms));
  const scan = scanSql(questions, { sql: testPeople, traits: testTraits, set, now_ms });
  const rows = await fixture.warehouse.query<{ person: string; hits: number[] }>(
    sql`SELECT ${hexOf(sql`person`)} AS person, hits FROM (${scan})`,
  );
  const people = new Set<string>(stream.people.values());
  return rows
    .filter(({ person }) => people.has(person))
    .flatMap(({ person, hits }) =>
      set.segments.filter((_, i) => hits[i] === 1).map((s) => `${s.name} ${person}`),
    )
    .sort();
}

const online = onlineMemberships;
const stored = () => storedMemberships(fixture.warehouse);
const fromChanges = () => membershipsFromChanges(fixture.warehouse);

const RUNS = 4;

type Act =
  | { readonly is: 'feed'; readonly count: number }
  | { readonly is: 'wait'; readonly minutes: number }
  | { readonly is: 'move'; readonly who: string; readonly to: string }
  | { readonly is: 'release'; readonly which: number }
  | { readonly is: 'restart' };

const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ is: fc.constant('feed' as const), count: fc.integer({ min: 1, max: 12 }) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        is: fc.constant('wait' as const),
        minutes: fc.constantFrom(1, 30, 60, 120, 1_440, 2_881),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        is: fc.constant('move' as const),
        who: fc.constantFrom('a1', 'a2', 'a3', 'u3'),
        to: fc.constantFrom('u1', 'u2', 'a1', 'a3', 'u3'),
      }),
    },
    { weight: 1, arbitrary: fc.record({ is: fc.constant('restart' as const) }) },
    { weight: 1, arbitrary: fc.record({ is: fc.constant('release' as const), which: fc.nat(2) }) },
  ),
  { minLength: 4, maxLength: 8 },
);

const PREDICATES = [
  'trait',
  'count',
  'aggregate',
  'sequence',
  'absence',
  'first_last',
  'score',
  'group',
  'geography',
  'consent',
];
const ruleSet = fc.array(fc.record({ rule: rules(PREDICATES), exclude_bots: fc.boolean() }), {
  minLength: 12,
  maxLength: 12,
});

/** Who a node belongs to has the key of one of the nodes; a node that moves away leaves a person that still has others. */
function move(stream: TestStream, who: string, to: string): NodeMove[] {
  const node = key(who);
  const [from, target] = [stream.people.get(node), stream.people.get(key(to))];
  if (from === undefined || target === undefined || from === target) return [];
  stream.people.set(node, target);
  return [{ node, from, to: target }];
}

test('random histories, merges, releases and time', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      histories(60),
      traitSets,
      fc.array(ruleSet, { minLength: 3, maxLength: 3 }),
      acts,
      async (events, traits, sets, list) => {
        const stream = await open();
        let current = released((sets[0] ?? []).map(({ rule, exclude_bots }) => body(rule, { exclude_bots })));
        stream.release(current);
        await stream.jobs();
        stream.traits = traits.map(({ who, trait, value, hours }, i) => ({
          node: key(who),
          trait,
          value,
          at_ms: NOW_MS - hours * HOUR_MS - i,
        }));
        const newest = new Map(
          stream.traits.toSorted((a, b) => a.at_ms - b.at_ms).map((t) => [`${t.trait} ${t.node}`, t]),
        );
        await fixture.storeTraits([...newest.values()]);
        const left: LoggedEvent[] = [...events];
        let position = 0;
        for (const act of list) {
          if (act.is === 'feed')
            await stream.feed(left.splice(0, act.count).map((event) => ({ position: ++position, event })));
          if (act.is === 'wait') fixture.clock.advance(act.minutes * MINUTE_MS);
          if (act.is === 'move') await stream.feed([], move(stream, act.who, act.to));
          if (act.is === 'restart') stream.work.step.reset();
          if (act.is === 'release') {
            current = released(
              (sets[act.which] ?? []).map(({ rule, exclude_bots }) => body(rule, { exclude_bots })),
            );
            stream.release(current);
          }
          if (act.is !== 'feed') await stream.jobs();
        }
        await stream.feed(left.map((event) => ({ position: ++position, event })));
        // Timers that a scan set are spread over some minutes.
        fixture.clock.advance(11 * MINUTE_MS);
        await stream.jobs();
        await stream.jobs();
        const expected = await bySql(stream, current);
        expect(await online(stream)).toEqual(expected);
        // Of people who have traits and never an event the stream knows nothing.
        const seen = new Set<string>(stream.people.keys());
        const ofSeen = (list: readonly string[]) => list.filter((one) => seen.has(one.split(' ')[1] ?? ''));
        expect(ofSeen(await stored())).toEqual(expected);
        expect(ofSeen(await fromChanges())).toEqual(expected);
      },
    ),
    { numRuns: RUNS, endOnFailure: true },
  );
});

const order = (changes: Partial<LoggedEvent>) => logged({ event: 'Order Completed', ...changes });
const bought = { predicate: 'count', event: 'Order Completed', window: { days: 3 }, at_least: 1 };

test('entered and exited are told once each, time included; the first computation and a changed rule are not', async () => {
  const stream = await open();
  await stream.feed([{ position: 1, event: order({ user_id: 'u1', timestamp: iso(NOW_MS - DAY_MS) }) }]);
  stream.release(released([body(bought)]));
  await stream.jobs();
  expect(await stored()).toEqual([`s0 ${key('u1')}`]);
  expect(stream.told).toEqual([]);
  await stream.feed([{ position: 2, event: order({ user_id: 'u2', timestamp: iso(NOW_MS - 2 * DAY_MS) }) }]);
  await stream.jobs();
  const entered = {
    event: 'Segment Entered',
    user_id: 'u2',
    anonymous_id: '',
    properties: { segment: 's0', cause: 'event' },
  };
  expect(stream.told).toMatchObject([entered]);
  fixture.clock.advance(DAY_MS);
  await stream.jobs();
  const exited = { event: 'Segment Exited', user_id: 'u2', properties: { segment: 's0', cause: 'time' } };
  expect(stream.told.slice(1)).toMatchObject([exited]);
  fixture.clock.advance(DAY_MS + 11 * MINUTE_MS);
  await stream.jobs();
  expect(stream.told.slice(2)).toMatchObject([{ event: 'Segment Exited', user_id: 'u1' }]);
  stream.release(released([body({ ...bought, window: { days: 30 } })]));
  await stream.jobs();
  expect((await stored()).length).toBe(2);
  expect(stream.told.length).toBe(3);
  expect(new Set(stream.told.map((one) => one.message_id)).size).toBe(3);
});

test('people who are joined neither enter nor exit what one of them was in; taken apart, each has their own', async () => {
  const stream = await open();
  stream.release(released([body(bought)]));
  await stream.jobs();
  await stream.feed([
    { position: 1, event: order({ user_id: '', anonymous_id: 'a1' }) },
    { position: 2, event: logged({ event: 'Product Viewed', user_id: 'u1' }) },
  ]);
  await stream.jobs();
  expect(stream.told.length).toBe(1);
  await stream.feed([], move(stream, 'a1', 'u1'));
  await stream.jobs();
  expect(await stored()).toEqual([`s0 ${key('u1')}`]);
  expect(stream.told.length).toBe(1);
  stream.people.set(key('a1'), key('a1') as string as PersonId);
  await stream.feed(
    [],
    [{ node: key('a1'), from: key('u1') as string as PersonId, to: key('a1') as string as PersonId }],
  );
  await stream.jobs();
  expect(await stored()).toEqual([`s0 ${key('a1')}`]);
  expect(stream.told.length).toBe(1);
});

test('a batch that failed halfway counts once', async () => {
  const stream = await open();
  stream.release(released([body({ ...bought, at_least: 2 })]));
  await stream.jobs();
  const event = order({ user_id: 'u1' });
  await fixture.storeEvents([{ position: 1, event }]);
  stream.people.set(key('u1'), key('u1') as string as PersonId);
  const batch = {
    events: [{ position: 1, event, node: key('u1'), person: key('u1') as string as PersonId }],
    moves: [],
  };
  await stream.work.step.add(batch);
  const { online: changes } = await stream.work.step.take();
  // The states went in, the position of the feed did not.
  await fixture.online.commit(changes);
  stream.work.step.reset();
  await stream.work.step.add(batch);
  await fixture.online.commit((await stream.work.step.take()).online);
  stream.work.step.committed();
  expect(await online(stream)).toEqual([]);
  await stream.feed([{ position: 2, event }]);
  expect(await online(stream)).toEqual([`s0 ${key('u1')}`]);
});

test('a batch that was cut off anywhere is told all the same, under one id', async () => {
  for (let kept = 0; ; kept++) {
    const stream = await open();
    stream.release(released([body(bought)]));
    await stream.jobs();
    const event = order({ user_id: 'u1' });
    const [node, person] = [key('u1'), key('u1') as string as PersonId];
    stream.people.set(node, person);
    await stream.work.step.add({ events: [{ position: 1, event, node, person }], moves: [] });
    const { rows, online: changes } = await stream.work.step.take();
    for (const { into, lines } of rows) await fixture.warehouse.insert(into, lines);
    const put = changes.put ?? [];
    await fixture.online.commit({ put: put.slice(0, kept) });
    stream.work.step.reset();
    await stream.jobs();
    await stream.feed([{ position: 1, event }]);
    await stream.jobs();
    expect(await stored()).toEqual(await online(stream));
    expect(new Set(stream.told.map((one) => one.message_id)).size).toBe(1);
    if (kept === put.length) return;
  }
});

test('a segment that is no longer released has nobody, and comes back under its name with a clean slate', async () => {
  const stream = await open();
  await stream.feed([{ position: 1, event: order({ user_id: 'u1' }) }]);
  stream.release(released([body(bought)]));
  await stream.jobs();
  stream.release([]);
  await stream.jobs();
  expect([await stored(), await online(stream), await fromChanges()]).toEqual([[], [], []]);
  stream.release(released([body({ ...bought, at_least: 2 })]));
  await stream.jobs();
  expect([await stored(), await online(stream)]).toEqual([[], []]);
});

test('a scanned segment changes when it is refreshed, and then it is told', async () => {
  const stream = await open();
  stream.release(released([body(bought, { refresh: { every: 'manual' } })]));
  await stream.jobs();
  await stream.feed([{ position: 1, event: order({ user_id: 'u1' }) }]);
  expect(await stored()).toEqual([]);
  const { commands } = stream.work;
  const cancelled = commands.refresh({ segments: [], watch: 'w' });
  expect(await commands.refreshProgress({ watch: 'w' })).toEqual({ share: 0, doing: expect.any(String) });
  await commands.cancelRefresh({ watch: 'w' });
  await expect(cancelled).rejects.toMatchObject({ code: 'conflict' });
  expect([await stored(), await commands.refreshProgress({ watch: 'w' })]).toEqual([[], null]);
  expect(await commands.refresh({ segments: [] })).toMatchObject({ entered: 1, exited: 0 });
  await stream.jobs();
  expect(await stored()).toEqual([`s0 ${key('u1')}`]);
  expect(stream.told).toMatchObject([{ event: 'Segment Entered', properties: { cause: 'refresh' } }]);
});

test('while nothing is released nothing is kept of events, and nobody is missed afterwards', async () => {
  const stream = await open();
  await stream.feed([
    { position: 1, event: order({ user_id: 'u1' }) },
    { position: 2, event: order({ user_id: '', anonymous_id: 'a1' }) },
  ]);
  expect(await fixture.online.scan('', { limit: 9 })).toMatchObject([{ key: 'segment:position', value: 2 }]);
  stream.release(released([body({ not: { predicate: 'trait', trait: 'plan', op: 'exists' } })]));
  await stream.jobs();
  expect(await stored()).toEqual([`s0 ${key('a1')}`, `s0 ${key('u1')}`].sort());
  // Who is looked at without an event was seen all the same.
  await stream.feed([], move(stream, 'a1', 'u1'));
  expect(await stored()).toEqual([`s0 ${key('u1')}`]);
  expect(await online(stream)).toEqual([`s0 ${key('u1')}`]);
});

test('a segment that scans decided for a while misses nothing when events and time decide it again', async () => {
  const stream = await open();
  const thrice = { ...bought, at_least: 3 };
  const by = (every: string) =>
    released([body(thrice, { refresh: { every } }), body(bought, { refresh: { every } })]);
  const steps = [
    ['stream', 1],
    ['manual', 2],
    ['stream', 3],
  ] as const;
  for (const [every, position] of steps) {
    stream.release(by(every));
    await stream.jobs();
    await stream.feed([{ position, event: order({ user_id: 'u1' }) }]);
  }
  expect(await stored()).toEqual([`s0 ${key('u1')}`, `s1 ${key('u1')}`]);
  await stream.feed([{ position: 4, event: order({ user_id: 'u2', timestamp: iso(NOW_MS - DAY_MS) }) }]);
  stream.release(by('manual'));
  await stream.jobs();
  await stream.work.commands.refresh({ segments: [] });
  stream.release(by('stream'));
  await stream.jobs();
  fixture.clock.advance(3 * DAY_MS);
  await stream.jobs();
  fixture.clock.advance(11 * MINUTE_MS);
  await stream.jobs();
  expect([await stored(), await online(stream)]).toEqual([[], []]);
});

test('a window that was shorter for a while is complete when it is as long as before', async () => {
  const stream = await open();
  const within = (days: number) => released([body({ ...bought, at_least: 2, window: { days } })]);
  const old = order({ user_id: 'u1', timestamp: iso(NOW_MS - 5 * DAY_MS) });
  stream.release(within(30));
  await stream.jobs();
  await stream.feed([{ position: 1, event: old }]);
  stream.release(within(3));
  await stream.jobs();
  await stream.feed([{ position: 2, event: logged({ event: 'Product Viewed', user_id: 'u1' }) }]);
  stream.release(within(30));
  await stream.jobs();
  await stream.feed([{ position: 3, event: order({ user_id: 'u1' }) }]);
  expect(await online(stream)).toEqual([`s0 ${key('u1')}`]);
});

test('a device whose events all went over to its twin keeps nothing of them', async () => {
  const stream = await open();
  stream.release(released([body(bought)]));
  await stream.jobs();
  await stream.feed([{ position: 1, event: order({ user_id: '', anonymous_id: 'a1' }) }]);
  expect(await stored()).toEqual([`s0 ${key('a1')}`]);
  await fixture.warehouse.execute(statement('TRUNCATE TABLE events'));
  const resplit = [{ node: key('a1'), twin: key('a9') }];
  await stream.work.step.add({ events: [], moves: [], resplit });
  await fixture.online.commit((await stream.work.step.take()).online);
  stream.work.step.committed();
  await stream.jobs();
  expect([await stored(), await online(stream)]).toEqual([[], []]);
});
