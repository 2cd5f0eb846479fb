import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { key64 } from '../kernel/ids.ts';
import type { NodeId, ResolvedBatch } from './contract.ts';
import { empty, openStores, record, type SomeEvent, type Stores, stream } from './fixture.ts';
import type { ResolveWork } from './index.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await openStores();
});
beforeEach(async () => empty(stores));
afterAll(async () => stores.close());

const node = (text: string) => key64(text) as NodeId;
const user = (name: string) => node(`user_id:${name}`);
const device = (name: string) => node(`anonymous_id:${name}`);

async function add(work: ResolveWork, ...events: SomeEvent[]): Promise<ResolvedBatch> {
  const [batch] = await stream(
    work,
    stores,
    events.map((event, i) => record(i + 1, event)),
  );
  return batch as ResolvedBatch;
}

describe('a stream', () => {
  test('a device becomes its user from the first sign-in on', async () => {
    const work = stores.work();
    const { events, moves } = await add(work, { a: 'd1', t: 0 }, { u: 'ann', a: 'd1', t: 5 });
    expect(events.map((event) => event.person)).toEqual([user('ann'), user('ann')]);
    expect(events.map((event) => event.node)).toEqual([device('d1'), user('ann')]);
    expect(moves).toEqual([{ node: device('d1'), from: device('d1'), to: user('ann') }]);
  });

  test('two devices meet over a mail address', async () => {
    const work = stores.work();
    await add(work, { u: 'ann', email: 'Ann@X.org ', t: 0 });
    const { moves } = await add(work, { a: 'd2', t: 1 }, { a: 'd2', email: 'ann@x.org', t: 2 });
    expect(moves).toEqual([{ node: device('d2'), from: device('d2'), to: user('ann') }]);
    expect(await work.directory.identifiersOf([user('ann') as never])).toEqual([
      [
        { type: 'user_id', value: 'ann' },
        { type: 'email', value: 'ann@x.org' },
        { type: 'anonymous_id', value: 'd2' },
      ],
    ]);
  });

  test('a shared device: what is anonymous after the second user is nobody else’s', async () => {
    const work = stores.work();
    const { events, resplit } = await add(
      work,
      { a: 'd1', t: 0 },
      { u: 'ann', a: 'd1', t: 1 },
      { a: 'd1', t: 2 },
      { u: 'bob', a: 'd1', t: 3 },
      { a: 'd1', t: 4 },
    );
    const twin = node('anonymous_id:d1~shared');
    expect(events.map((event) => event.person)).toEqual([
      user('ann'),
      user('ann'),
      user('ann'),
      user('bob'),
      twin,
    ]);
    expect(resplit).toEqual([{ node: device('d1'), twin }]);
    expect(await work.directory.find({ type: 'anonymous_id', value: 'd1' })).toEqual({
      node: twin,
      person: twin,
    });
  });
});
