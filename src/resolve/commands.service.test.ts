import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { key64, type PersonId } from '../kernel/ids.ts';
import { hexOf } from '../kernel/key64.ts';
import { sql } from '../kernel/sql.ts';
import { IDENTITY_CHANGES, type NodeId } from './contract.ts';
import {
  empty,
  openStores,
  record,
  type SomeEvent,
  type Stores,
  someEvents,
  stream,
  withIdentity,
} from './fixture.ts';
import { type StoredUnit, unitKey } from './graph/unit.ts';
import type { ResolveWork } from './index.ts';

let stores: Stores;
let work: ResolveWork;
let position = 0;
beforeAll(async () => {
  stores = await openStores();
});
beforeEach(async () => {
  await empty(stores);
  work = stores.work();
  position = 0;
});
afterAll(async () => stores.close());

const key = (text: string) => key64(text);
const ann = key('user_id:ann');
const d2 = key('anonymous_id:d2');
const mail = { type: 'email', value: 'ann@x.org' };
const who = { actor_id: 'u_1', detail: '' };

const see = async (...events: SomeEvent[]) =>
  stream(
    work,
    stores,
    events.map((event) => record(++position, event)),
  );
const personOf = async (text: string) => (await work.directory.personsOf([key(text) as NodeId]))[0];
const changes = async () =>
  stores.warehouse.query<{
    change_id: string;
    what: string;
    cause: string;
    actor_id: string;
    rule: string;
    detail: string;
  }>(
    sql`SELECT ${hexOf(sql`change_id`)} AS change_id, what, cause, actor_id, rule, detail FROM ${IDENTITY_CHANGES} FINAL ORDER BY at, what`,
  );

describe('unmerge', () => {
  test('by identifier: it leaves its person, and the same events do not join them again', async () => {
    await see({ u: 'ann', a: 'd1', email: 'ann@x.org', t: 0 }, { a: 'd2', email: 'ann@x.org', t: 1 });
    expect(await personOf('anonymous_id:d2')).toBe(ann);
    const { moved } = await work.commands.unmerge({
      identifier: { type: 'anonymous_id', value: 'd2' },
      ...who,
    });
    expect(moved).toEqual([{ node: d2, from: ann, to: d2 }]);
    // Later stages hear of it with the next batch, whatever is in it.
    const [batch] = await see({ a: 'd2', email: 'ann@x.org', t: 2 });
    expect(batch?.moves).toEqual([{ node: d2, from: ann, to: d2 }]);
    expect(await personOf('anonymous_id:d2')).toBe(d2);
    expect(await personOf('anonymous_id:d1')).toBe(ann);
    // That a new device came with somebody's address is no merge of two people.
    expect(await changes()).toMatchObject([{ what: 'split', cause: 'unmerge', actor_id: 'u_1' }]);
  });

  test('by merge: both sides are again what they were', async () => {
    await see({ u: 'ann', a: 'd1', t: 0 }, { a: 'd2', email: 'ann@x.org', t: 1 });
    await see({ u: 'ann', email: 'ann@x.org', t: 2 });
    expect(await personOf('anonymous_id:d2')).toBe(ann);
    const merge = (await changes()).find((change) => change.what === 'merge');
    await work.commands.unmerge({ change_id: merge?.change_id ?? '', ...who });
    expect(await personOf('anonymous_id:d2')).toBe(key('email:ann@x.org'));
    expect(await personOf('anonymous_id:d1')).toBe(ann);
    await expect(work.commands.unmerge({ change_id: merge?.change_id ?? '', ...who })).rejects.toThrow(
      /no longer/,
    );
  });

  test('a merge between any people is undone by its change', async () => {
    await fc.assert(
      fc.asyncProperty(someEvents.map(withIdentity), async (events) => {
        await empty(stores);
        work = stores.work();
        position = 0;
        await see(...events, { a: 'left', email: 'l@x.org', t: 20_000 }, { u: 'zoe', a: 'right', t: 20_001 });
        const names = [...new Set(events.flatMap(({ u, a }) => [`user_id:${u}`, `anonymous_id:${a}`]))];
        const nodes = [...names, 'email:l@x.org', 'anonymous_id:right', 'anonymous_id:left'].map(
          (text) => key(text) as NodeId,
        );
        const before = await work.directory.personsOf(nodes);
        await see({ u: 'zoe', email: 'l@x.org', t: 20_002 });
        expect(await personOf('anonymous_id:left')).toBe(key('user_id:zoe'));
        const merge = (await changes()).findLast((change) => change.what === 'merge');
        await work.commands.unmerge({ change_id: merge?.change_id ?? '', ...who });
        expect(await work.directory.personsOf(nodes)).toEqual(before);
        expect(await stores.work().directory.personsOf(nodes)).toEqual(before);
      }),
      { numRuns: 8 },
    );
  });

  test('what cannot be taken apart is refused', async () => {
    await see({ u: 'ann', t: 0 });
    const of = (type: string, value: string) =>
      work.commands.unmerge({ identifier: { type, value }, ...who });
    await expect(of('user_id', 'ann')).rejects.toMatchObject({ code: 'conflict' });
    await expect(of('user_id', 'bob')).rejects.toMatchObject({ code: 'not_found' });
    await expect(of('email', 'nonsense')).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(work.commands.unmerge({ change_id: '0123456789abcdef', ...who })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('link', () => {
  test('joins, and takes back an unmerge', async () => {
    await see({ u: 'ann', a: 'd1', email: 'ann@x.org', t: 0 }, { a: 'd2', email: 'ann@x.org', t: 1 });
    await work.commands.unmerge({ identifier: { type: 'anonymous_id', value: 'd2' }, ...who });
    const identifiers = [mail, { type: 'anonymous_id', value: 'd2' }];
    const refused = await work.commands.link({ identifiers, cause: 'match', ...who });
    expect(refused).toMatchObject({ joined: false, dropped: [{ type: 'anonymous_id', value: 'd2' }] });
    expect(await personOf('anonymous_id:d2')).toBe(d2);
    const linked = await work.commands.link({ identifiers, cause: 'manual', ...who });
    expect(linked).toEqual({ person: ann, joined: true, dropped: [], reason: null });
    expect(await personOf('anonymous_id:d2')).toBe(ann);
  });

  test('names the decision that keeps them apart', async () => {
    await see({ u: 'ann', a: 'd1', email: 'ann@x.org', t: 0 }, { a: 'd2', email: 'ann@x.org', t: 1 });
    const identifier = { type: 'anonymous_id', value: 'd2' };
    await work.commands.unmerge({ identifier, actor_id: 'u_2', detail: 'a kiosk' });
    const { reason } = await work.commands.link({ identifiers: [mail, identifier], cause: 'match', ...who });
    expect(reason).toEqual({
      identifier,
      rule: 'unmerged',
      unmerge: {
        id: expect.stringMatching(/^apart_/),
        at: '2026-11-22T10:00:00.000Z',
        actor_id: 'u_2',
        detail: 'a kiosk',
      },
    });
  });

  test('takes back an unmerge by any identifier of the two people', async () => {
    await see({ u: 'ann', a: 'd1', email: 'ann@x.org', t: 0 }, { a: 'd2', email: 'ann@x.org', t: 1 });
    const identifier = { type: 'anonymous_id', value: 'd2' };
    await work.commands.unmerge({ identifier, ...who });
    // Both got an identifier since that the decision does not name.
    await see({ u: 'ann', crm: 'C-1', t: 2 }, { a: 'd2', email: 'other@x.org', t: 3 });
    const other = { type: 'email', value: 'other@x.org' };
    const linked = await work.commands.link({
      identifiers: [{ type: 'crm_id', value: 'C-1' }, other],
      cause: 'manual',
      ...who,
    });
    expect(linked).toEqual({ person: ann, joined: true, dropped: [], reason: null });
    expect(await personOf('anonymous_id:d2')).toBe(ann);
  });

  test('leaves decisions about others alone', async () => {
    await see({ u: 'ann', a: 'd1', t: 0 }, { u: 'ann', a: 'd2', t: 1 }, { a: 'd3', t: 2 });
    await work.commands.unmerge({ identifier: { type: 'anonymous_id', value: 'd2' }, ...who });
    await work.commands.link({
      identifiers: [
        { type: 'user_id', value: 'ann' },
        { type: 'anonymous_id', value: 'd3' },
      ],
      cause: 'manual',
      ...who,
    });
    expect([await personOf('anonymous_id:d3'), await personOf('anonymous_id:d2')]).toEqual([ann, d2]);
  });

  test('what joins nobody says so', async () => {
    const sends = (n: number): SomeEvent => ({ u: `user-${n}`, email: 'desk@x.org', t: n });
    await see(...Array.from({ length: 52 }, (_, n) => sends(n)));
    const desk = { type: 'email', value: 'desk@x.org' };
    const identifiers = [{ type: 'user_id', value: 'user-3' }, desk];
    const { reason } = await work.commands.link({ identifiers, cause: 'manual', ...who });
    expect(reason).toEqual({ identifier: desk, rule: 'learned', unmerge: null });
  });

  test('keeps to the rules: two user ids stay two people', async () => {
    await see({ u: 'ann', t: 0 }, { u: 'bob', t: 1 });
    const identifiers = ['ann', 'bob'].map((value) => ({ type: 'user_id', value }));
    const answer = await work.commands.link({ identifiers, cause: 'manual', ...who });
    expect(answer).toMatchObject({
      person: ann,
      joined: false,
      dropped: [{ type: 'user_id', value: 'bob' }],
      reason: { identifier: { type: 'user_id', value: 'bob' }, rule: 'limit user_id ever', unmerge: null },
    });
    expect(await personOf('user_id:bob')).toBe(key('user_id:bob') as PersonId);
    expect(await changes()).toEqual([]);
  });

  test('an identifier that nobody had yet is known from then on', async () => {
    await see({ u: 'ann', t: 0 });
    const crm = { type: 'crm_id', value: 'C-7' };
    await work.commands.link({
      identifiers: [{ type: 'user_id', value: 'ann' }, crm],
      cause: 'match',
      ...who,
    });
    expect(await stores.work().directory.find(crm)).toEqual({ node: key('crm_id:C-7'), person: ann });
  });

  test.each(['manual', 'match'] as const)(
    '%s: the first join of an identifier is told, and undone by it',
    async (cause) => {
      await see({ u: 'ann', t: 0 });
      const identifiers = [
        { type: 'user_id', value: 'ann' },
        { type: 'crm_id', value: 'C-7' },
      ];
      await work.commands.link({ identifiers, cause, actor_id: 'u_1', detail: 'proposal 7' });
      const [change, ...others] = await changes();
      expect(others).toEqual([]);
      expect(change).toMatchObject({
        what: 'merge',
        cause: cause === 'manual' ? 'link' : 'match',
        actor_id: 'u_1',
        detail: 'proposal 7',
      });
      const unit = await stores.online.get<StoredUnit>(unitKey(ann));
      expect(unit?.o.map(([, , , , detail]) => detail)).toEqual(['proposal 7']);
      await work.commands.unmerge({ change_id: change?.change_id ?? '', ...who });
      expect(await personOf('crm_id:C-7')).toBe(key('crm_id:C-7'));
    },
  );
});
