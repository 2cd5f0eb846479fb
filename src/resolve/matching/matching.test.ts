/** The product's path: a run, its links, review, truth. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { EVENTS } from '../../collect/contract.ts';
import type { TableRef } from '../../kernel/sql.ts';
import { sql } from '../../kernel/sql.ts';
import { CSV, eventOf, MAPPING, openProduct, type Product, people, RULES } from './fixture-product.ts';
import { PERSONAL_FIELDS, PLAIN_FIELDS } from './manifest.ts';
import { createTables, scratchOf } from './prepare.sql.ts';
import { MatchingRulesBody } from './rules.ts';
import type { MatchRun, ModelShown, Proposal, Truth, Waterfall } from './shapes.ts';

let product: Product;
beforeAll(async () => {
  product = await openProduct();
});
afterAll(() => product.stores.close());
const call = <Answer>(name: string, input: object): Promise<Answer> => product.call<Answer>(name, input);

describe('a run', () => {
  let run: MatchRun;
  beforeAll(async () => {
    await call('matching.upload-list', { ...MAPPING, text: CSV });
    run = await product.runOnce();
  });

  test('joins what is sure, holds back who has not agreed, and says so', () => {
    expect(run).toMatchObject({
      state: 'done',
      summary: { left_records: 300, right_records: 200, link_refused: 0 },
    });
    const without_consent = people.slice(0, 200).filter((p) => !p.agrees).length;
    expect(run.summary?.withheld_by_consent).toBeGreaterThanOrEqual(without_consent * 0.8);
    expect(run.summary?.linked).toBeGreaterThan(100);
    const joined = product.asked.map((ids) => ids.map((id) => `${id.type}:${id.value}`));
    expect(joined.length).toBe(run.summary?.clusters);
    const right = joined.filter((ids) => ids.includes(`user_id:u${ids[0]?.replace('crm_id:c', '')}`));
    expect(right.length / joined.length).toBeGreaterThan(0.98);
    const refusing = joined.filter((ids) => ids.some((id) => /^user_id:u\d*[05]$/.test(id)));
    expect(refusing).toEqual([]);
  });

  test('shows its parameters and the curve, and explains a pair to the bit', async () => {
    const { model } = await call<{ model: ModelShown }>('matching.show-run', { id: run.id });
    const email = model.comparisons.find((c) => c.name === 'email');
    expect(email?.levels.map((l) => l.label)).toEqual(['exact', 'none of these']);
    expect(email?.levels[0]?.m).toBeGreaterThan(0.95);
    expect(email?.estimated_under).toEqual(['first_name and last_name', 'last_name and postcode']);
    expect(model.curve.length).toBeGreaterThan(5);
    const { pairs, total } = await call<{ pairs: { id: string; weight: number }[]; total: number }>(
      'matching.pairs',
      { id: run.id, limit: 20 },
    );
    expect(total).toBeGreaterThan(100);
    for (const pair of pairs) {
      const { waterfall } = await call<{ waterfall: Waterfall }>('matching.pair', {
        id: run.id,
        pair_id: pair.id,
      });
      expect(waterfall.weight).toBeCloseTo(pair.weight, 4);
    }
    const { threshold } = await call<{ threshold: { precision: { share: number } } }>('matching.threshold', {
      id: run.id,
      precision: 0.95,
    });
    expect(threshold.precision.share).toBeGreaterThanOrEqual(0.95);
  });

  test('is scored against known pairs', async () => {
    const key = await product.stores.warehouse.query<{ id: string; hex: string }>(
      sql`SELECT DISTINCT user_id AS id, lower(hex(node)) AS hex FROM ${EVENTS} LIMIT 1000`,
    );
    const hex = new Map(key.map((row) => [row.id, row.hex.padStart(16, '0')]));
    const agreeing = people.slice(0, 200).flatMap((p, i) => (p.agrees ? [`${hex.get(p.id)},c${i}`] : []));
    const truth = await call<Truth>('matching.score-truth', {
      id: run.id,
      pairs: ['left,right', ...agreeing].join('\n'),
    });
    expect(truth.truth_pairs).toBe(160);
    expect(truth.best?.f1).toBeGreaterThan(0.9);
    for (const point of truth.points) {
      expect(point.precision.low).toBeLessThanOrEqual(point.precision.share);
      expect(point.true_positives + point.false_negatives).toBe(160);
    }
    await expect(
      call('matching.score-truth', { id: run.id, clusters: 'record,cluster\na,1' }),
    ).rejects.toThrow('which side');
  });

  test('proposals: side by side, accepted, rejected, undone; decisions stand in the next run', async () => {
    const { proposals } = await product.proposalsIn('open');
    expect(proposals.length).toBeGreaterThan(3);
    const [first, second, third] = proposals as [Proposal, Proposal, Proposal];
    const shown = await call<{ fields: { field: string; left: string }[]; waterfall: Waterfall }>(
      'matching.proposal',
      { id: first.id },
    );
    expect(shown.fields.map((f) => f.field)).toEqual(['first_name', 'last_name', 'email', 'postcode']);
    expect(shown.waterfall.weight).toBeCloseTo(first.weight, 4);

    product.asked.length = 0;
    const accepted = await call<{ proposal: Proposal }>('matching.decide', {
      id: first.id,
      decision: 'accept',
    });
    expect(accepted.proposal).toMatchObject({ state: 'linked', decided_by: 'Ada' });
    expect(product.asked).toHaveLength(1);
    await expect(call('matching.decide', { id: first.id, decision: 'undo' })).rejects.toThrow(
      'linked already',
    );

    await call('matching.decide', { id: second.id, decision: 'unsure' });
    await call('matching.decide', { id: second.id, decision: 'undo' });
    await call('matching.decide', { id: second.id, decision: 'reject', note: 'not the same' });
    product.play.dropping = [{ type: 'crm_id', value: 'x' }];
    const refused = await call<{ proposal: Proposal }>('matching.decide', {
      id: third.id,
      decision: 'accept',
    });
    expect(refused.proposal.state).toBe('accepted');
    expect(refused.proposal.note).toContain('because of crm_id: limit crm_id ever');
    product.play.dropping = [];

    const again = await product.runOnce();
    expect(again.state).toBe('done');
    expect((await product.proposalsIn('rejected')).proposals.map((p) => p.id)).toEqual([second.id]);
    expect((await product.proposalsIn('accepted')).proposals.map((p) => p.id)).toEqual([third.id]);
    expect((await product.proposalsIn('linked')).proposals.map((p) => p.id)).toContain(first.id);
  });

  test('what somebody decides while a run works stands', async () => {
    const [open] = (await product.proposalsIn('open')).proposals as [Proposal];
    const { warehouse } = product.stores;
    const insert = warehouse.insert.bind(warehouse);
    const spy = vi.spyOn(warehouse, 'insert').mockImplementation(async (into: TableRef, lines) => {
      if (into.name.endsWith('_decided')) {
        product.clock.advance(1_000);
        await call('matching.decide', { id: open.id, decision: 'reject' });
        product.clock.advance(1_000);
      }
      await insert(into, lines);
    });
    await product.runOnce();
    expect(spy).toHaveBeenCalled();
    spy.mockRestore();
    expect((await product.proposalsIn('rejected')).proposals.map((p) => p.id)).toContain(open.id);
    await call('matching.decide', { id: open.id, decision: 'undo' });
  });

  test('what the newest rules no longer propose is stale', async () => {
    product.play.body = { ...RULES, offline_online: 'never' };
    const none = await product.runOnce();
    expect(none.summary).toMatchObject({ linked: 0, in_review: 0 });
    expect((await product.proposalsIn('open')).total).toBe(0);
    expect((await product.proposalsIn('stale')).total).toBeGreaterThan(0);
    expect((await product.proposalsIn('rejected')).total).toBe(1);
    product.play.body = RULES;
    await product.runOnce();
  });

  test('consent that was withdrawn since is asked for again', async () => {
    const { proposals } = await product.proposalsIn('open');
    const [proposal] = proposals as [Proposal];
    const row = await product.stores.warehouse.query<{ id: string }>(
      sql`SELECT left_identifier AS id FROM match_proposals WHERE right_id = ${proposal.right.record_id} AND left_id = ${proposal.left.record_id} LIMIT 1`,
    );
    const person = people.find((p) => `user_id:${p.id}` === row[0]?.id);
    if (person === undefined) throw new Error('the proposal names nobody');
    await product.stores.warehouse.insert(EVENTS, [eventOf(10_000, { ...person, agrees: false }, {})]);
    await expect(call('matching.decide', { id: proposal.id, decision: 'accept' })).rejects.toThrow(
      'has not agreed',
    );
  });

  test('a run cut off by a stop is failed, and leaves no tables', async () => {
    await product.stores.control.run(sql`UPDATE match_runs SET state = 'running' WHERE id = ${run.id}`);
    const { warehouse } = product.stores;
    for (const each of createTables(MatchingRulesBody.parse(RULES), scratchOf('abc')))
      await warehouse.execute(each);
    const columns = await warehouse.query<{ field: string }>(
      sql`SELECT concat(replaceOne(table, '_abc', ''), '.', name) AS field FROM system.columns WHERE table LIKE 'matching_scratch_abc_%'`,
    );
    expect(columns.length).toBeGreaterThan(20);
    const listed = [...PERSONAL_FIELDS, ...PLAIN_FIELDS].map((one) => one.field);
    const isListed = (field: string) =>
      listed.some((one) => (one.endsWith('*') ? field.startsWith(one.slice(0, -1)) : field === one));
    expect(columns.filter(({ field }) => !isListed(field))).toEqual([]);
    await product.matching.jobs[0]?.run({ signal: new AbortController().signal });
    const { runs: list } = await call<{ runs: MatchRun[] }>('matching.runs', {});
    expect(list.find((one) => one.id === run.id)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('stopped'),
    });
    const left = await product.stores.warehouse.query(
      sql`SELECT name FROM system.tables WHERE startsWith(name, 'matching_scratch_')`,
    );
    expect(left).toEqual([]);
  });

  test('people among themselves need no consent to be the same person', async () => {
    const { right: _, ...rest } = RULES;
    product.play.body = { ...rest, mode: 'dedupe', auto: false };
    const twin = { ...(people[0] as (typeof people)[number]), id: 'twin' };
    const { first_name, last_name, email, postcode } = twin;
    const traits = { first_name, last_name, email, address: { postal_code: postcode } };
    await product.stores.warehouse.insert(EVENTS, [eventOf(20_000, twin, traits)]);
    const deduped = await product.runOnce();
    expect(deduped.summary).toMatchObject({ left_records: 301, withheld_by_consent: 0, linked: 0 });
    const { proposals } = await product.proposalsIn('open');
    const best = proposals[0];
    expect(best).toMatchObject({ reason: 'not_auto', left: { kind: 'person' }, right: { kind: 'person' } });
    product.asked.length = 0;
    await call('matching.decide', { id: best?.id, decision: 'accept' });
    expect(product.asked[0]?.map((one) => one.value).toSorted()).toEqual(['twin', 'u0']);
  });
});
