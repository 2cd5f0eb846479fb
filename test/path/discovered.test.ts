/** The path of a discovered segment through the whole program: found, joined, found anew, told in the log, taken back. */
import { afterEach, expect, test } from 'vitest';
import { DAY_MS } from '../../src/kernel/clock.ts';
import { composeHere, type Here, NOW } from '../compose-here.ts';

let here: Here;
afterEach(() => here.remove());
const ask = <T>(name: string, input: object = {}): Promise<T> => here.ask<T>(name, input);

let sent = 0;
const event = (name: string, ids: object, days_ago: number, more: object = {}) => ({
  type: 'track',
  event: name,
  messageId: `m${sent++}`,
  timestamp: new Date(Date.parse(NOW) - days_ago * DAY_MS).toISOString(),
  ...ids,
  ...more,
});

/** Many orders lately, or one look long ago. */
const orders = (ids: object) =>
  [1, 2, 3, 4, 5, 6].map((n) => event('Order Completed', ids, n, { properties: { revenue: 20 } }));
const look = (ids: object) => [event('Product Viewed', ids, 80)];

const BODY = {
  method: 'kmeans',
  features: [
    { name: 'orders', measure: 'count', event: 'Order Completed' },
    { name: 'days_since_visit', measure: 'days_since' },
  ],
  clusters: { min: 2, max: 3 },
};

/** Until its segments are given out. */
async function runIt(): Promise<void> {
  const { run } = await ask<{ run: { id: string } }>('segmentations.run', { name: 'kinds' });
  const shown = () => {
    // Events that come meanwhile are written a second later by the clock, and until then the stream has the turn.
    here.clock.advance(1_500);
    return ask<{ state: string; error: string }>('runs.show', { id: run.id });
  };
  await expect.poll(async () => (await shown()).state, { timeout: 60_000 }).not.toBe('running');
  expect(await shown()).toMatchObject({ state: 'done', error: '' });
  await jobs('segment.judge-use');
}

async function jobs(...names: string[]): Promise<void> {
  const all = here.app.jobs.filter(({ name }) => names.includes(name));
  for (const job of all) await job.run({ signal: new AbortController().signal });
  await here.follow();
}

const segmentsOf = async (user: string) =>
  (await ask<{ segments: string[] }>('profiles.show', { key: `user_id:${user}` })).segments;
const told = async () =>
  (
    await ask<{ events: { event: string; user_id: string; properties: { segment: string } }[] }>(
      'events.list',
      { limit: 100 },
    )
  ).events
    .filter(({ event: name }) => name.startsWith('Segment '))
    .map((one) => `${one.event} ${one.user_id}`)
    .sort();

test('found, joined, found anew, told, and taken back', { timeout: 120_000 }, async () => {
  here = await composeHere();
  const source = await here.source();
  const users = Array.from({ length: 24 }, (_, i) => ({ userId: `u${i}` }));
  await here.send(
    source,
    users.flatMap((ids, i) => (i % 2 === 0 ? orders(ids) : look(ids))),
  );
  await here.send(source, orders({ anonymousId: 'a1' }));
  await here.follow();
  const definition = { kind: 'segmentation', name: 'kinds', body: BODY };
  await ask('definitions.apply', { message: 'Kinds', definitions: [definition] });
  await runIt();
  const [buying = ''] = await segmentsOf('u0');
  const [looking = ''] = await segmentsOf('u1');
  expect(new Set([buying, looking]).size).toBe(2);
  await jobs('segment.tell');
  expect(await told()).toEqual([]);

  // Whoever the device turns out to be is in its segment.
  await here.send(source, [event('Signed In', { anonymousId: 'a1', userId: 'ada' }, 0)]);
  await here.follow();
  expect(await segmentsOf('ada')).toEqual([buying]);

  await here.send(source, orders({ userId: 'u1' }));
  await here.follow();
  await runIt();
  expect(await segmentsOf('u1')).toEqual([buying]);
  await jobs('segment.tell');
  expect(await told()).toEqual(['Segment Entered u1', 'Segment Exited u1']);

  await ask('definitions.apply', { message: 'No more', definitions: [], prune: true });
  expect(await segmentsOf('u1')).toEqual([]);
  await jobs('segment.build', 'segment.discover');
  const { changes } = await ask<{ changes: { what: string; cause: string }[] }>('segments.changes', {
    segment: buying,
    limit: 100,
  });
  expect(changes.filter(({ cause }) => cause === 'release').every(({ what }) => what === 'exited')).toBe(
    true,
  );
  expect(changes.filter(({ what }) => what === 'entered').length).toBe(
    changes.filter(({ what }) => what === 'exited').length,
  );
  expect((await told()).length).toBe(2);
});
