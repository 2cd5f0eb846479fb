/** The path of an event through the real stores: one fate each, once each, whatever breaks on the way. */
import { afterEach, expect, test } from 'vitest';
import type { Stores } from '../../src/app/stores.ts';
import { DISCARDED, EVENTS, QUARANTINE } from '../../src/collect/contract.ts';
import { sql, type TableRef } from '../../src/kernel/sql.ts';
import { composeHere, type Here } from '../compose-here.ts';

let here: Here;
afterEach(() => here.remove());

const count = async (table: TableRef) =>
  (await here.stores.warehouse.query<{ n: number }>(sql`SELECT count() AS n FROM ${table}`))[0]?.n;
const ask = <T>(name: string, input: object = {}): Promise<T> => here.ask<T>(name, input);

interface Totals {
  totals: {
    received: number;
    stored: number;
    deduplicated: number;
    filtered: number;
    quarantined: number;
    pending: number;
    difference: number;
  };
}

const view = (messageId: string, more: object = {}) => ({
  type: 'track',
  event: 'Product Viewed',
  messageId,
  anonymousId: 'a1',
  ...more,
});

test('stored, deduplicated, quarantined and pending add up, before and after they are settled', async () => {
  here = await composeHere();
  const source = await here.source();
  await here.send(source, [
    view('m1'),
    view('m2'),
    view('m1'),
    { type: 'track', messageId: 'm3', anonymousId: 'a1' },
  ]);
  expect((await ask<Totals>('reconciliation.show')).totals).toMatchObject({
    received: 4,
    pending: 4,
    difference: 0,
  });
  expect(await ask('events.fate', { message_id: 'm2' })).toMatchObject({
    occurrences: [{ fate: 'pending' }],
  });
  await here.settle();
  expect((await ask<Totals>('reconciliation.show')).totals).toMatchObject({
    received: 4,
    stored: 2,
    deduplicated: 1,
    quarantined: 1,
    pending: 0,
    difference: 0,
  });
  expect(await ask('events.fate', { message_id: 'm1' })).toMatchObject({
    occurrences: [{ fate: 'stored' }, { fate: 'deduplicated', of: { position: 1 } }],
  });
  expect(await ask('events.fate', { message_id: 'm3' })).toMatchObject({
    occurrences: [{ fate: 'quarantined', reason: 'missing_event_name' }],
  });
  await expect(ask('events.fate', { message_id: 'never' })).rejects.toMatchObject({ code: 'not_found' });
});

test('a failed commit after the insert stores nothing twice', async () => {
  let failures = 3;
  const breakCommits = (stores: Stores): Stores => ({
    ...stores,
    online: {
      ...stores.online,
      commit: (changes) => {
        if (changes.put?.some((put) => put.key === 'pipeline:position') && failures-- > 0)
          return Promise.reject(new Error('the disk went away'));
        return stores.online.commit(changes);
      },
    },
  });
  here = await composeHere({ wrap: breakCommits });
  const source = await here.source();
  await here.send(source, [
    view('m1'),
    view('m2'),
    view('m1'),
    { type: 'track', messageId: 'm3', anonymousId: 'a1' },
  ]);
  await here.settle();
  expect(failures).toBeLessThan(0);
  expect([await count(EVENTS), await count(DISCARDED), await count(QUARANTINE)]).toEqual([2, 1, 1]);
  expect((await ask<Totals>('reconciliation.show')).totals).toMatchObject({ received: 4, difference: 0 });
});

test('the same message id is recognised after a restart', async () => {
  here = await composeHere();
  await here.send(await here.source(), [view('m1')]);
  await here.settle();
  const { data_dir } = here.config;
  await here.close();
  here = await composeHere({ data: data_dir });
  await here.send(await here.source(), [view('m1'), view('m2')]);
  await here.settle();
  expect([await count(EVENTS), await count(DISCARDED)]).toEqual([2, 1]);
});

test('a broken event is repaired in a preview, replayed once, and found as stored', async () => {
  here = await composeHere();
  const source = await here.source();
  await here.send(source, [
    view('q1', { event: undefined, name: 'Product Viewed' }),
    view('q2', { event: undefined, name: 'Product Viewed' }),
  ]);
  await here.settle();
  interface Groups {
    groups: { group_id: string; open: number }[];
  }
  const { groups } = await ask<Groups>('quarantine.groups');
  expect(groups).toMatchObject([{ open: 2, reason: 'missing_event_name' }]);
  const group_id = groups[0]?.group_id;
  const rules = [{ action: 'rename', path: 'name', to: 'event' }];
  expect(await ask('quarantine.preview', { group_id, rules: [] })).toMatchObject({
    would_pass: 0,
    would_fail: 2,
  });
  expect(await ask('quarantine.preview', { group_id, rules })).toMatchObject({
    would_pass: 2,
    samples: [{ changed: true, outcome: 'accepted' }, {}],
  });
  await ask('quarantine.replay', { group_id, rules });
  await finishedRuns(1);
  await here.settle();
  expect((await ask<Groups>('quarantine.groups')).groups).toEqual([]);
  expect(await ask('quarantine.show', { group_id })).toEqual({ group: null, samples: [], masked: false });
  expect(await ask('events.fate', { message_id: 'q1' })).toMatchObject({
    occurrences: [{ fate: 'stored', resolved: { as: 'replayed' } }],
  });
  expect((await ask<Totals>('reconciliation.show')).totals).toMatchObject({
    received: 2,
    stored: 2,
    quarantined: 0,
    difference: 0,
  });
  await expect(ask('quarantine.replay', { group_id, rules })).rejects.toMatchObject({ code: 'not_found' });
  expect(await count(EVENTS)).toBe(2);
});

test('what a steward discards counts as filtered', async () => {
  here = await composeHere();
  await here.send(await here.source(), [view('q1', { event: undefined })]);
  await here.settle();
  const { groups } = await ask<{ groups: { group_id: string }[] }>('quarantine.groups');
  await ask('quarantine.discard', { group_id: groups[0]?.group_id });
  await finishedRuns(1);
  await here.settle();
  expect((await ask<Totals>('reconciliation.show')).totals).toMatchObject({
    received: 1,
    filtered: 1,
    quarantined: 0,
    difference: 0,
  });
  expect(await ask('events.fate', { message_id: 'q1' })).toMatchObject({
    occurrences: [{ fate: 'filtered', resolved: { as: 'discarded' } }],
  });
});

async function finishedRuns(n: number): Promise<void> {
  for (;;) {
    const { replays } = await ask<{ replays: { status: string }[] }>('quarantine.replays');
    if (replays.filter((run) => run.status === 'finished').length === n) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
