/** One segment that the engine cannot answer holds nobody else up, and is said to be stuck. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../kernel/clock.ts';
import type { PersonId } from '../../kernel/ids.ts';
import { sql } from '../../kernel/sql.ts';
import { SEGMENT_MEMBERS } from '../contract.ts';
import { logged, NOW_MS, nodeOf, openSegmentFixture, type SegmentFixture } from '../fixture.ts';
import { identifierAt, storedMemberships } from '../fixture-memberships.ts';
import { openTestStream, type TestStream } from '../fixture-stream.ts';
import { mustAllBeAnswered } from '../queries/stuck.service.ts';
import { BUILT_KEY, type Built } from '../stream/built.ts';
import { marksOf, PARTED_SCAN_PREFIX } from '../stream/parted.ts';
import { releasedSet } from '../stream/streamed.ts';
import { TRY_AGAIN_MS } from './build.service.ts';

let fixture: SegmentFixture;
beforeAll(async () => {
  fixture = await openSegmentFixture();
}, 60_000);
afterAll(() => fixture.close());

const segment = (name: string, rule: object, more: object = {}) => ({
  kind: 'segment',
  name,
  version: 1,
  body: { label: name, owner: 'x', purpose: 'x', rule, ...more },
});
const bought = (at_least: number) => ({ predicate: 'count', event: 'Order Completed', at_least });

/** Of these alone each can be asked; one that holds all of them is longer than a query may be. */
const LONG = Array.from({ length: 20 }, (_, nth) =>
  segment(`long-${nth}`, {
    predicate: 'count',
    event: 'Order Completed',
    where: [
      {
        field: 'code',
        op: 'in',
        value: Array.from({ length: 60 }, (_, i) => `${nth}-${i}`.padEnd(950, 'x')),
      },
    ],
    at_least: 1,
  }),
);
const all_of_them = { any: LONG.map(({ name }) => ({ predicate: 'segment', segment: name })) };

async function open(): Promise<TestStream> {
  await fixture.clear();
  fixture.clock.set(NOW_MS);
  const stream = openTestStream(fixture, identifierAt);
  const event = logged({ user_id: 'u1', event: 'Order Completed' });
  const node = nodeOf(event);
  stream.people.set(node, node as string as PersonId);
  await stream.feed([{ position: 1, event }]);
  return stream;
}

const built = async (name: string) => (await fixture.online.get<Built>(BUILT_KEY))?.segments[name];
const names = async () =>
  [...new Set((await storedMemberships(fixture.warehouse)).map((one) => one.split(' ')[0]))].sort();

test.each(['stream', 'day'])('the others are worked out (%s)', async (every) => {
  const stream = await open();
  const refresh = { refresh: { every } };
  stream.release([...LONG, segment('good', bought(9), refresh), segment('whole', bought(1), refresh)]);
  await stream.jobs();
  expect(await names()).toEqual(['whole']);

  // Both change; one of them cannot be answered.
  stream.release([...LONG, segment('good', bought(1), refresh), segment('whole', all_of_them, refresh)]);
  await stream.jobs();
  expect(await names()).toEqual(['good', 'whole']);
  const failed = (await built('whole'))?.failed;
  expect(failed).toMatchObject({ problem: expect.stringMatching(/longer than one query may be/) });
  expect((await built('good'))?.failed).toBeUndefined();
  const health = () => mustAllBeAnswered(fixture.online, releasedSet(stream.definitions)());
  await expect(health()).rejects.toThrow(/whole: it is longer/);

  // It is left alone until its pause is over, and a refresh says that it leaves it out.
  fixture.clock.advance(HOUR_MS / 60);
  await stream.jobs();
  expect((await built('whole'))?.failed).toEqual(failed);
  const result = await stream.work.commands.refresh({ segments: ['whole', 'good'] });
  expect(result.left_out).toMatchObject([
    { segment: 'whole', problem: expect.stringMatching(/could not be worked out .* longer than/) },
  ]);
  fixture.clock.advance(TRY_AGAIN_MS);
  await stream.jobs();
  expect((await built('whole'))?.failed?.at_ms).toBe(fixture.clock.now_ms());

  // Another rule is tried at once.
  stream.release([...LONG, segment('good', bought(1), refresh), segment('whole', bought(2), refresh)]);
  await stream.jobs();
  expect((await built('whole'))?.failed).toBeUndefined();
  expect(await names()).toEqual(['good']);
  expect(await health()).toMatch(/Every rule/);
});

test('one that was worked out before is left out of its refresh, and of people who were taken apart', async () => {
  const before = await open();
  const daily = { refresh: { every: 'day' } };
  const list = [...LONG, segment('good', bought(1), daily), segment('whole', all_of_them, daily)];
  before.release(list);
  await before.jobs();
  // As if the engine had answered it once.
  const all = await fixture.online.get<Built>(BUILT_KEY);
  const { failed: _, ...whole } = all?.segments['whole'] ?? { id: 0, fingerprint: '', refreshed_ms: 0 };
  const fingerprint = releasedSet(before.definitions)().get('whole')?.fingerprint ?? '';
  const refreshed_ms = fixture.clock.now_ms();
  const answered = { ...all, segments: { ...all?.segments, whole: { ...whole, fingerprint, refreshed_ms } } };
  const person = nodeOf({ user_id: 'u1', anonymous_id: '' }) as string as PersonId;
  const marks = marksOf(PARTED_SCAN_PREFIX, [[person, []]], 1);
  await fixture.online.commit({ put: [{ key: BUILT_KEY, value: answered }, ...marks] });
  await fixture.warehouse.execute(sql`TRUNCATE TABLE ${SEGMENT_MEMBERS}`);

  const stream = openTestStream(fixture, identifierAt);
  for (const [node, owner] of before.people) stream.people.set(node, owner);
  stream.release(list);
  await stream.jobs();
  expect(await fixture.online.scan(PARTED_SCAN_PREFIX, { limit: 1 })).toEqual([]);
  expect(await names()).toEqual(['good']);
  expect(await built('whole')).toMatchObject({ refreshed_ms, failed: { fingerprint } });

  fixture.clock.advance(DAY_MS);
  const result = await stream.work.commands.refresh({ segments: ['good', 'whole'] });
  expect(result).toMatchObject({
    people: 1,
    left_out: [{ segment: 'whole', problem: expect.stringMatching(/longer than one query/) }],
  });
  expect((await built('good'))?.refreshed_ms).toBe(fixture.clock.now_ms());
  expect((await built('whole'))?.refreshed_ms).toBe(refreshed_ms);
});
