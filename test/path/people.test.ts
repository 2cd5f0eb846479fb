/** The path of a person through the real stores: joined by a sign-in, taken apart by a decision, all stages with it. */
import { afterEach, expect, test } from 'vitest';
import { key64 } from '../../src/kernel/ids.ts';
import { composeHere, type Here } from '../compose-here.ts';

let here: Here;
afterEach(() => here.remove());

const ask = <T>(name: string, input: object = {}): Promise<T> => here.ask<T>(name, input);

const at = (minute: number) =>
  new Date(Date.parse('2026-11-22T08:00:00.000Z') + minute * 60_000).toISOString();
let sent = 0;
const event = (minute: number, ids: object, more: object = {}) => ({
  type: 'track',
  event: 'Product Viewed',
  messageId: `m${sent++}`,
  timestamp: at(minute),
  ...ids,
  ...more,
});

const visits = async (person: string) => {
  const { sessions } = await ask<{ sessions: { events: number; started_at: string }[] }>('sessions.list', {
    person,
  });
  return sessions.map(({ started_at, events }) => [started_at, events]);
};

const ANONYMOUS = key64('anonymous_id:a1');
const ADA = key64('user_id:ada');

test('a sign-in joins what came before it, unmerge gives it back, a link joins again', async () => {
  here = await composeHere();
  const source = await here.source();
  await here.send(source, [event(0, { anonymousId: 'a1' }), event(5, { anonymousId: 'a1' })]);
  await here.follow();
  expect(await visits(ANONYMOUS)).toEqual([[at(0), 2]]);

  await here.send(source, [
    event(
      10,
      { anonymousId: 'a1', userId: 'ada' },
      { type: 'identify', traits: { email: 'Ada@Example.com ' } },
    ),
    event(12, { userId: 'ada' }),
  ]);
  await here.follow();
  expect(await visits(ANONYMOUS)).toEqual([]);
  expect(await visits(ADA)).toEqual([[at(0), 4]]);
  const graph = await ask<{ person: string }>('identity.show', { type: 'email', value: 'ada@example.com' });
  expect(graph.person).toBe(ADA);

  const identifier = { type: 'anonymous_id', value: 'a1' };
  const { moved } = await ask<{ moved: object[] }>('identity.unmerge', { identifier });
  expect(moved).toEqual([{ node: ANONYMOUS, from: ADA, to: ANONYMOUS }]);
  await here.follow();
  expect(await visits(ANONYMOUS)).toEqual([[at(0), 2]]);
  expect(await visits(ADA)).toEqual([[at(10), 2]]);

  // What was taken apart stays so, although the same identifiers are seen together again.
  await here.send(source, [event(14, { anonymousId: 'a1', userId: 'ada' })]);
  await here.follow();
  expect(await visits(ADA)).toEqual([[at(10), 3]]);

  await ask('identity.link', { identifiers: [identifier, { type: 'user_id', value: 'ada' }] });
  await here.follow();
  expect(await visits(ANONYMOUS)).toEqual([]);
  expect(await visits(ADA)).toEqual([[at(0), 5]]);
});

test('a decision that a stop overtook is followed at the next start, although no event comes', async () => {
  here = await composeHere();
  const { data_dir: data } = here.config;
  await here.send(await here.source(), [
    event(0, { anonymousId: 'a1' }),
    event(10, { anonymousId: 'a1', userId: 'ada' }),
  ]);
  await here.follow();
  await here.close();
  // Nobody follows here: the decision is written and the program ends.
  here = await composeHere({ data });
  await ask('identity.unmerge', { identifier: { type: 'anonymous_id', value: 'a1' } });
  await here.close();

  here = await composeHere({ data });
  await here.app.pipeline.start();
  await expect
    .poll(
      async () => {
        here.clock.advance(1_500);
        for (const job of here.app.jobs)
          if (job.name === 'profile.repair-sessions') await job.run({ signal: new AbortController().signal });
        return visits(ANONYMOUS);
      },
      { timeout: 10_000 },
    )
    .toEqual([[at(0), 1]]);
  expect(await visits(ADA)).toEqual([[at(10), 1]]);
});

test('long work in the background ends with the program, and says so', async () => {
  here = await composeHere();
  const { runs } = here.app.govern;
  const actor = { id: 'u1', name: 'Ada', kind: 'user', roles: ['admin'] } as const;
  const { id } = await runs.start(
    'test.wait',
    'a',
    actor,
    ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', resolve)),
  );
  const { data_dir: data } = here.config;
  await here.close();
  here = await composeHere({ data });
  expect(await ask('runs.show', { id })).toMatchObject({ state: 'cancelled' });
});
