/** Previews of many people: counted over everybody while that is quick, else over a sample with its interval. */
import { afterAll, beforeEach, expect, test } from 'vitest';
import type { PersonId } from '../../kernel/ids.ts';
import { compileSet } from '../compile/segment-set.ts';
import { SEGMENT_MEMBERS } from '../contract.ts';
import {
  logged,
  NOW,
  nodeOf,
  openSegmentFixture,
  type SegmentFixture,
  testPeople,
  testTraits,
} from '../fixture.ts';
import { createPreview } from './preview.service.ts';

let fixture: SegmentFixture;
beforeEach(async () => {
  await fixture?.close();
  fixture = await openSegmentFixture();
}, 60_000);
afterAll(() => fixture.close());

const rule = { predicate: 'count', event: 'Order Completed', at_least: 1 };
const request = { rule, exclude_bots: true, trend_days: 0, sample: 0 };
const node = (i: number) => nodeOf({ user_id: `u${i}`, anonymous_id: '' });

let version = 0;
const people = (from: number, to: number) =>
  fixture.storeIdentities(
    new Map(
      Array.from({ length: to - from }, (_, i) => [node(from + i), node(from + i) as string as PersonId]),
    ),
    ++version,
  );
const orders = (from: number, to: number) =>
  fixture.storeEvents(
    Array.from({ length: to - from }, (_, i) => ({
      position: from + i + 1,
      event: logged({ message_id: `m${from + i}`, user_id: `u${from + i}`, event: 'Order Completed' }),
    })),
  );
const members = (segment: string, from: number, to: number) =>
  fixture.warehouse.insert(
    SEGMENT_MEMBERS,
    Array.from({ length: to - from }, (_, i) =>
      JSON.stringify({
        segment,
        person: BigInt(`0x${node(from + i)}`).toString(),
        since: NOW,
        member: 1,
        version: 1,
      }),
    ),
  );
const open = () =>
  createPreview({
    warehouse: fixture.warehouse,
    clock: fixture.clock,
    sql: testPeople,
    traits: testTraits,
    directory: {
      nodesOf: async () => [],
      personsOf: async () => [],
      identifiersOf: async () => [],
      find: async () => undefined,
    },
    released: () => compileSet([]),
    found: { list: async () => [] },
    draftGuard: async () => [],
  });

test('what it shares with other segments is counted over everybody it found', async () => {
  await people(0, 12_000);
  await orders(0, 147);
  await members('some', 100, 400);
  await members('all', 0, 12_000);
  const { people: size, overlap } = await open()(request, true);
  expect(size).toMatchObject({ estimate: 147, exact: true });
  const exactly = (n: number) => ({ estimate: n, low: n, high: n, exact: true });
  expect(overlap).toMatchObject([
    { segment: 'all', people: 12_000, both: exactly(147), share: 1 },
    { segment: 'some', people: 300, both: exactly(47), share: 47 / 147 },
  ]);
});

test('while people come in, never more than all are found', async () => {
  await people(0, 10);
  await orders(0, 10);
  const preview = open();
  expect(await preview(request, true)).toMatchObject({ people: { estimate: 10 }, of: 10 });
  await orders(10, 40);
  expect(await preview(request, true)).toMatchObject({ people: { estimate: 40 }, of: 40 });
  await people(10, 60);
  await orders(40, 50);
  expect(await preview(request, true)).toMatchObject({ people: { estimate: 50 }, of: 60 });
});

/** Wilson's interval, 95 %, by its formula. */
function wilson(hits: number, n: number): [low: number, high: number] {
  const z = 1.959963984540054;
  const p = hits / n;
  const middle = (p + z ** 2 / (2 * n)) / (1 + z ** 2 / n);
  const half = (z / (1 + z ** 2 / n)) * Math.sqrt((p * (1 - p)) / n + z ** 2 / (4 * n ** 2));
  return [middle - half, middle + half];
}

test('of more people a sample is looked at, and every number has its interval', async () => {
  const [ALL, BUYERS] = [60_000, 18_000];
  await people(0, ALL);
  await orders(0, BUYERS);
  await members('some', 0, 6_000);
  const { people: size, of, looked_at, overlap, notes } = await open()(request, true);
  expect([of, looked_at]).toEqual([ALL, 10_000 / ALL]);
  const inSample = (i: number) => BigInt(`0x${node(i)}`) < BigInt(Math.floor(looked_at * 2 ** 53)) << 11n;
  const count = (to: number) => Array.from({ length: to }, (_, i) => i).filter(inSample).length;
  const n = count(ALL);
  const estimate = (hits: number) => {
    const [low, high] = wilson(hits, n);
    return {
      estimate: Math.round((hits / n) * ALL),
      low: Math.floor(low * ALL),
      high: Math.ceil(high * ALL),
      exact: false,
    };
  };
  expect(size).toEqual(estimate(count(BUYERS)));
  expect([size.low < BUYERS, size.high > BUYERS, size.high - size.low > 500]).toEqual([true, true, true]);
  expect(overlap).toEqual([
    {
      segment: 'some',
      label: 'some',
      people: estimate(count(6_000)).estimate,
      both: estimate(count(6_000)),
      share: count(6_000) / count(BUYERS),
    },
  ]);
  expect(notes).toEqual([expect.stringContaining('estimates with 95 % intervals')]);
});
