/** Decisions of people over the identity graph as it is: they stay with the people, whatever these are called. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EVENTS } from '../../collect/contract.ts';
import { fixedClock } from '../../kernel/clock.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { createTurns } from '../../kernel/turns.ts';
import { openOnlineStore } from '../../stores/online/open.ts';
import type { OnlineStore } from '../../stores/online/port.ts';
import { definitionsOf, record, stream } from '../fixture.ts';
import { createResolveWork, type ResolveWork } from '../index.ts';
import { readDecisions } from './decisions.service.ts';
import { ACTOR, MAPPING, openProduct, type Product, people, RULES } from './fixture-product.ts';
import type { Proposal } from './shapes.ts';

const folder = mkdtempSync(join(tmpdir(), 'decisions-'));
const clock = fixedClock('2026-11-22T10:00:00.000Z');
let online: OnlineStore;
let product: Product;
let work: ResolveWork;

/** Somebody who gave a name before signing in, and the line of the list about them. */
const named = people.slice(0, 60).map((p, i) => ({ ...p, i, a: `a${i}` }));
const traitsOf = ({ first_name, last_name, email, postcode }: (typeof named)[number]) => ({
  first_name,
  last_name,
  email,
  address: { postal_code: postcode },
});

beforeAll(async () => {
  online = await openOnlineStore(`lmdb:${join(folder, 'online')}`, { clock, logger: silentLogger });
  product = await openProduct((warehouse) => {
    const definitions = definitionsOf(() => undefined);
    const deps = { online, warehouse, clock, logger: silentLogger, definitions, turns: createTurns() };
    work = createResolveWork(deps);
    return work;
  });
  await tell(named.map((p, i) => event(i + 1, { a: p.a, t: i }, p)));
  const lines = named.map((p) => `C${p.i},${p.first_name},${p.last_name},${p.email},${p.postcode}`);
  const text = ['Id,First Name,last_name,E-mail,zip', ...lines].join('\n');
  await product.call('matching.upload-list', { ...MAPPING, text });
  product.play.body = { ...RULES, auto: false, offline_online: 'allow' };
});
afterAll(async () => {
  await product.stores.close();
  await online.close();
  rmSync(folder, { recursive: true, force: true });
});

function event(position: number, who: { u?: string; a: string; t: number }, p: (typeof named)[number]) {
  const one = record(position, who);
  const event = { ...one.event, type: 'identify' as const, traits: JSON.stringify(traitsOf(p)) };
  return { position, event };
}

async function tell(records: ReturnType<typeof event>[]): Promise<void> {
  const { warehouse } = product.stores;
  await warehouse.insert(
    EVENTS,
    records.map(({ position, event: one }) => JSON.stringify({ position, ...one })),
  );
  await stream(work, { ...product.stores, online, clock, work: () => work }, records);
}

const decide = async (id: string, decision: string): Promise<Proposal> =>
  (await product.call<{ proposal: Proposal }>('matching.decide', { id, decision })).proposal;
const show = async (id: string): Promise<Proposal> =>
  (await product.call<{ proposal: Proposal }>('matching.proposal', { id })).proposal;
const openOf = async (record_id: string): Promise<Proposal[]> =>
  (await product.proposalsIn('open')).proposals.filter((one) => one.right.record_id === record_id);
const labels = async () =>
  (await readDecisions({ warehouse: product.stores.warehouse, directory: work.directory }, 'crm')).labels;

test('a rejected pair stays rejected when the person signs in', async () => {
  await product.runOnce();
  const [pair] = await openOf('C7');
  expect(pair).toBeDefined();
  await decide(pair?.id ?? '', 'reject');
  const p = named[7];
  if (p === undefined) throw new Error('nobody');
  await tell([event(1_000, { a: p.a, u: p.id, t: 900 }, p)]);
  await product.runOnce();
  expect(await openOf('C7')).toEqual([]);
  // Nor do rules join it that join by themselves.
  product.play.body = { ...RULES, auto: true, offline_online: 'allow' };
  const run = await product.runOnce();
  expect(run.summary?.linked).toBeGreaterThan(20);
  const left = await work.directory.find({ type: 'user_id', value: p.id });
  const right = await work.directory.find({ type: 'crm_id', value: 'C7' });
  expect(left?.person).not.toBe(right?.person);
});

test('what somebody takes apart can be decided anew, and counts as a no', async () => {
  const [linked] = (await product.proposalsIn('linked')).proposals;
  if (linked === undefined) throw new Error('nothing was joined');
  const { id, right } = linked;
  expect(linked.taken_apart).toBe(false);
  await expect(decide(id, 'reject')).rejects.toThrow('linked already');
  const of_list = { type: 'crm_id', value: right.record_id };
  const out = { identifier: of_list, actor_id: ACTOR.id, detail: '' };
  const before = await labels();
  await work.commands.unmerge(out);
  expect(await show(id)).toMatchObject({ state: 'linked', taken_apart: true });
  const after = await labels();
  expect(after.filter((l) => !l.match)).toHaveLength(before.filter((l) => !l.match).length + 1);
  await product.runOnce();
  expect(await openOf(right.record_id)).toEqual([]);
  expect(await show(id)).toMatchObject({ state: 'linked', taken_apart: true });

  // A person may join them again; it counts as a yes only while they are one.
  expect(await decide(id, 'accept')).toMatchObject({ state: 'linked', taken_apart: false });
  const again = await labels();
  expect(again.filter((l) => l.match)).toHaveLength(before.filter((l) => l.match).length + 1);
  await work.commands.unmerge(out);
  expect(await labels()).toHaveLength(again.length);
  expect((await labels()).filter((l) => l.match)).toHaveLength(before.filter((l) => l.match).length);
  expect(await decide(id, 'reject')).toMatchObject({ state: 'rejected', taken_apart: false });
  expect(await decide(id, 'undo')).toMatchObject({ state: 'open' });
});
