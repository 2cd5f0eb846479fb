/** People who are taken apart: what only scans and runs decide comes back to each of them, told once. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MINUTE_MS } from '../../kernel/clock.ts';
import { logged, NOW_MS, openSegmentFixture, type SegmentFixture } from '../fixture.ts';
import {
  carrying,
  failingAfter,
  join,
  of,
  part,
  person,
  value,
  WHO,
  whileScanning,
} from '../fixture-carry.ts';
import { keyOf } from '../fixture-memberships.ts';
import type { TestStream } from '../fixture-stream.ts';

let fixture: SegmentFixture;
let { open, reopened, assign, places } = {} as ReturnType<typeof carrying>;
beforeAll(async () => {
  fixture = await openSegmentFixture();
  ({ open, reopened, assign, places } = carrying(fixture));
}, 60_000);
afterAll(() => fixture.close());

const segment = (name: string, rule: unknown, every: 'manual' | 'stream' = 'manual') => ({
  kind: 'segment',
  name,
  version: 1,
  body: { label: name, owner: 'crm', purpose: 'service', refresh: { every }, rule },
});
const orders = (at_least: number) => ({ predicate: 'count', event: 'Order Completed', at_least });
const once = segment('once', orders(1));
const twice = segment('twice', orders(2));
const looks = segment('looks', { predicate: 'count', event: 'Looked', at_least: 1 });
const RELEASED = [value, once, twice, looks];

/** What the log would hold: the same id once. */
const tale = (stream: TestStream) =>
  [...new Map(stream.told.map((one) => [one.message_id, one])).values()]
    .map(({ event, user_id, anonymous_id, properties }) =>
      [event, `${user_id}${anonymous_id}`, properties['segment'], properties['cause']].join(' '),
    )
    .sort();
/** `ordered` has everybody of the fixture in it: each of them ordered once. */
const scanned = async (stream: TestStream, names = ['once', 'twice', 'looks']) => {
  await stream.work.commands.refresh({ segments: names });
  await stream.jobs();
  stream.told.length = 0;
};
const segmentsOf = async (stream: TestStream, who: string) => {
  const [online, stored, changes] = await places(stream);
  expect([online, changes]).toEqual([stored, stored]);
  return stored?.filter((line) => line.endsWith(keyOf(who))).map((line) => line.split(' ')[0]);
};

async function joinedAndScanned(stream: TestStream): Promise<void> {
  stream.release(RELEASED);
  await stream.jobs();
  await stream.feed(
    [{ position: 10, event: logged({ user_id: '', anonymous_id: 'a1', event: 'Looked' }) }],
    join(stream, person('a1'), person('u1')),
  );
  await scanned(stream);
  expect(await segmentsOf(stream, 'u1')).toEqual(['looks', 'once', 'twice']);
}

test('each is in what their own events say, at once and not with the next refresh', async () => {
  const stream = await open();
  await joinedAndScanned(stream);
  await stream.feed([], part(stream, keyOf('a1')));
  await stream.jobs();
  expect(await segmentsOf(stream, 'u1')).toEqual(['once']);
  expect(await segmentsOf(stream, 'a1')).toEqual(['looks', 'once']);
  await stream.jobs();
  // Whoever looked is still in `looks`, by another name: nothing is told of that. Nobody has ordered twice any more.
  expect(tale(stream)).toEqual(['Segment Exited u1 twice merge']);
  const after = await stream.work.commands.refresh({ segments: ['once', 'twice', 'looks'] });
  expect(after).toMatchObject({ entered: 0, exited: 0 });
});

test('of nobody else anything is compared', async () => {
  const stream = await open();
  await joinedAndScanned(stream);
  // Stored without a word to the stream: only a scan of everybody would find it.
  await fixture.storeEvents([{ position: 5, event: logged({ user_id: 'u2' }) }]);
  await stream.feed([], part(stream, keyOf('a1')));
  await stream.jobs();
  expect(await segmentsOf(stream, 'u2')).toEqual(['once']);
});

test('whoever is joined again while they are scanned is scanned once more', async () => {
  const before = await open();
  await joinedAndScanned(before);
  const scanning = whileScanning(fixture);
  const stream = reopened(before, scanning.fixture);
  stream.release(RELEASED);
  await stream.feed([], part(stream, keyOf('a1')));
  scanning.once(() => stream.feed([], join(stream, person('a1'), person('u2'))));
  await stream.jobs();
  expect(scanning.isDone()).toBe(true);
  await stream.jobs();
  expect(await segmentsOf(stream, 'u1')).toEqual(['once']);
  expect(await segmentsOf(stream, 'u2')).toEqual(['looks', 'once', 'twice']);
});

test('a scan of them that a crash cut off anywhere is done again, and tells nothing twice', {
  timeout: 180_000,
}, async () => {
  for (let calls = 1; ; calls++) {
    const stream = await open();
    await joinedAndScanned(stream);
    await stream.feed([], part(stream, keyOf('a1')));
    const crashed = reopened(stream, failingAfter(fixture, calls));
    crashed.release(RELEASED);
    const job = crashed.work.jobs.find(({ name }) => name === 'segment.parted');
    const done = await job?.run({ signal: new AbortController().signal }).then(
      () => true,
      () => false,
    );
    const healed = reopened(crashed);
    healed.release(RELEASED);
    await healed.jobs();
    await healed.jobs();
    expect(await segmentsOf(healed, 'u1')).toEqual(['once']);
    expect(await segmentsOf(healed, 'a1')).toEqual(['looks', 'once']);
    expect(tale(healed)).toEqual(['Segment Exited u1 twice merge']);
    if (done === true) return;
  }
});

const golden = segment(
  'golden',
  {
    all: [
      { predicate: 'segment', segment: 'value/gold' },
      { predicate: 'count', event: 'Looked', at_least: 1 },
    ],
  },
  'stream',
);
const look = (who: string, position: number) => ({
  position,
  event: logged({
    ...(who.startsWith('u') ? { user_id: who } : { user_id: '', anonymous_id: who }),
    event: 'Looked',
  }),
});

test('a rule over a discovered segment hears of events, of runs and of joins', async () => {
  const stream = await open();
  await assign(stream, of({ u1: 0, u2: 1, a1: 0 }));
  stream.release([value, golden]);
  await stream.jobs();
  await stream.feed([look('u1', 10), look('u2', 11), look('u3', 12)]);
  await stream.jobs();
  expect(tale(stream)).toEqual(['Segment Entered u1 golden event']);
  stream.told.length = 0;
  await assign(stream, of({ u1: 1, u2: 0, a1: 0 }));
  await stream.jobs();
  expect(tale(stream).filter((line) => line.includes('golden'))).toEqual([
    'Segment Entered u2 golden refresh',
    'Segment Exited u1 golden refresh',
  ]);
  // The device has the cluster, the person the event.
  await stream.feed([], join(stream, person('a1'), person('u3')));
  expect(await segmentsOf(stream, 'u3')).toEqual(['golden', 'value/gold']);
  stream.release([golden]);
  await stream.jobs();
  expect(await segmentsOf(stream, 'u3')).toEqual([]);
});

test('after an import a rule over a discovered segment knows who is where', async () => {
  const stream = await open();
  await assign(stream, of({ a1: 0, u2: 0 }));
  stream.release([value, golden]);
  await stream.jobs();
  await stream.feed([look('u1', 10), look('u2', 11)]);
  expect(await segmentsOf(stream, 'u1')).toEqual([]);
  // Imported history joins people without a word to the stream.
  join(stream, person('a1'), person('u1'));
  await fixture.storeIdentities(stream.people, 1_000_000);
  await stream.work.importHistory({ from: new Date(0), to: new Date(NOW_MS) });
  expect(await segmentsOf(stream, 'u1')).toEqual(['golden', 'value/gold']);
  expect(await segmentsOf(stream, 'u2')).toEqual(['golden', 'value/gold']);
});

type Act = { readonly is: 'join' | 'part' | 'look'; readonly a: string; readonly b: string };
const who = fc.constantFrom(...WHO);
const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.record({ is: fc.constantFrom('join', 'part', 'part', 'look'), a: who, b: who }),
  { minLength: 3, maxLength: 7 },
);

test('after any parting people are where a scan of everybody would have them', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(acts, async (list) => {
      const stream = await open();
      stream.release([...RELEASED, golden]);
      await assign(stream, of({ u1: 0, a1: 1, a2: 0 }));
      await stream.jobs();
      let position = 10;
      for (const { is, a, b } of list) {
        fixture.clock.advance(MINUTE_MS);
        const [from, to] = [stream.people.get(keyOf(a)), stream.people.get(keyOf(b))];
        if (is === 'look') await stream.feed([look(a, ++position)]);
        if (is === 'join' && from !== undefined && to !== undefined && from !== to)
          await stream.feed([], join(stream, from, to));
        // Joins wait for a scan, and so do events in segments of scans: from there on only a parting may change anything.
        await scanned(stream, ['once', 'twice', 'looks', 'golden']);
        if (is !== 'part') continue;
        await stream.feed([], part(stream, keyOf(a)));
        await stream.jobs();
        await stream.jobs();
        const rest = await stream.work.commands.refresh({ segments: ['once', 'twice', 'looks', 'golden'] });
        expect(rest).toMatchObject({ entered: 0, exited: 0 });
        const [online, stored, changes] = await places(stream);
        expect([online, changes]).toEqual([stored, stored]);
      }
      fixture.clock.set(NOW_MS);
    }),
    { numRuns: 5, endOnFailure: true },
  );
});
