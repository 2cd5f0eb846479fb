/** The product's path: upload, run, links, review, truth. The identity graph is played by a list of what was asked of it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EVENTS } from '../../collect/contract.ts';
import type { Run, RunHandle, Runs } from '../../govern/contract.ts';
import { fixedClock } from '../../kernel/clock.ts';
import { silentLogger } from '../../kernel/logger.ts';
import type { Actor } from '../../kernel/operation.ts';
import { createRng } from '../../kernel/rng.ts';
import { sql } from '../../kernel/sql.ts';
import type { Identifier, ResolveCommands } from '../contract.ts';
import { openStores, type Stores, UNMERGED } from './fixture.ts';
import { createMatching, type Matching } from './index.ts';
import { matchingRulesKind } from './matching-rules-kind.ts';
import type { MatchRun, ModelShown, Proposal, Truth, Upload, Waterfall } from './shapes.ts';

const NOW = '2026-11-25T10:00:00.000Z';
const ACTOR: Actor = { id: 'usr_1', name: 'Ada', kind: 'user', roles: ['editor'] };
const FIRST = ['ann', 'bob', 'cleo', 'dora', 'emil', 'fritz', 'gina', 'hugo', 'ines', 'jakob', 'kim', 'lars'];
const LAST = [
  'abel',
  'berger',
  'castor',
  'dorn',
  'engel',
  'falk',
  'gruber',
  'haas',
  'imhof',
  'jansen',
  'keller',
  'lang',
];

const RULES = {
  mode: 'link',
  left: 'people',
  right: { list: 'crm' },
  fields: [
    { name: 'first_name', from: ['first_name', 'given'], clean: 'name' },
    { name: 'last_name', clean: 'name' },
    { name: 'email', clean: 'email' },
    { name: 'postcode', from: ['address.postal_code'], clean: 'postcode' },
  ],
  blocking: [['email'], ['first_name', 'last_name'], ['last_name', 'postcode']],
  comparisons: [
    {
      name: 'first_name',
      field: 'first_name',
      levels: [{ is: 'exact' }, { is: 'jaro_winkler', at_least: 0.85 }],
    },
    {
      name: 'last_name',
      field: 'last_name',
      levels: [{ is: 'exact' }, { is: 'jaro_winkler', at_least: 0.85 }],
    },
    { name: 'email', field: 'email', levels: [{ is: 'exact' }] },
    { name: 'postcode', field: 'postcode', levels: [{ is: 'exact' }], term_frequency: true },
  ],
  accept: { probability: 0.99 },
  review: { probability: 0.05 },
  auto: true,
  consent_category: 'personalisation',
};

let stores: Stores;
let matching: Matching;
let finished: Promise<unknown> = Promise.resolve();
let body: unknown = RULES;
const clock = fixedClock(NOW);
const asked: Identifier[][] = [];
let dropping: readonly Identifier[] = [];

const runs: Runs = {
  async start(kind, subject, actor, work) {
    const handle: RunHandle = { signal: new AbortController().signal, progress: () => {} };
    finished = work(handle);
    finished.catch(() => {});
    const run: Run = {
      id: 'run_1',
      kind,
      subject,
      state: 'running',
      progress: 0,
      doing: '',
      actor_id: actor.id,
      started_at: NOW,
      ended_at: null,
      result: null,
      error: '',
    };
    return run;
  },
};
const commands = {
  async link({ identifiers }) {
    asked.push([...identifiers]);
    return { person: '0'.repeat(16), joined: true, dropped: dropping };
  },
} as Pick<ResolveCommands, 'link'> as ResolveCommands;

const call = <Answer>(name: string, input: object): Promise<Answer> => {
  const operation = matching.operations.find((one) => one.name === name);
  if (operation === undefined) throw new Error(`no operation ${name}`);
  const answer = operation.handle(operation.input.parse(input), { actor: ACTOR, request_id: 'r' });
  return answer.then((value) => operation.output.parse(value) as Answer);
};
const runOnce = async (): Promise<MatchRun> => {
  clock.advance(60_000);
  const { run } = await call<{ run: MatchRun }>('matching.run', { rules: 'crm' });
  await finished;
  return (await call<{ run: MatchRun }>('matching.show-run', { id: run.id })).run;
};
const proposalsIn = (state: string) =>
  call<{ proposals: Proposal[]; total: number }>('matching.proposals', { state, limit: 500 });

const rng = createRng(3);
const pick = (list: readonly string[]) => list[rng.int(list.length)] ?? '';
const people = Array.from({ length: 300 }, (_, i) => ({
  id: `u${i}`,
  first_name: pick(FIRST),
  last_name: pick(LAST),
  email: `p${i}@mail.example`,
  postcode: String(10_000 + rng.int(40)),
  agrees: i % 5 !== 0,
}));

function eventOf(position: number, p: (typeof people)[number], traits: object) {
  return JSON.stringify({
    position,
    type: 'identify',
    user_id: p.id,
    message_id: `m${position}`,
    timestamp: NOW,
    received_at: NOW,
    traits: JSON.stringify(traits),
    context: JSON.stringify({ consent: { categoryPreferences: { personalisation: p.agrees } } }),
  });
}

beforeAll(async () => {
  stores = await openStores();
  matching = createMatching({
    ...stores,
    clock,
    logger: silentLogger,
    definitions: {
      current: () => [{ kind: 'matching-rules', name: 'crm', version: 1, body }],
      release: () => 1,
      onRelease: () => {},
    },
    runs,
    sql: UNMERGED,
    commands,
  });
  await stores.warehouse.insert(
    EVENTS,
    people.flatMap((p, i) => [
      eventOf(2 * i + 1, p, {
        email: p.email.toUpperCase(),
        given: p.first_name,
        address: { postal_code: p.postcode },
      }),
      eventOf(2 * i + 2, p, { last_name: p.last_name, first_name: null, email: '' }),
    ]),
  );
});
afterAll(() => stores.close());

const line = (p: (typeof people)[number], i: number): string => {
  const email = i % 3 === 0 ? '' : p.email;
  const last = i % 7 === 0 ? `${p.last_name}s` : p.last_name;
  return `c${i},"${p.first_name}",${last},${email},${p.postcode}`;
};
const CSV = [
  'Id,First Name,last_name,E-mail,zip',
  ...people.slice(0, 200).map(line),
  'c1,again,x,,',
  'c999,,,,',
  ',no,id,,',
].join('\n');
const MAPPING = { name: 'crm', id_column: 'Id', columns: { 'E-mail': 'email', zip: 'postcode' } };

describe('lists', () => {
  test('a dry run says what would be stored, and stores nothing', async () => {
    const answer = await call<Upload>('matching.upload-list', { ...MAPPING, text: CSV, dry_run: true });
    expect(answer).toMatchObject({ list: null, accepted: 200, rejected: 3 });
    expect(answer.columns.map((c) => c.stored_as)).toEqual(['first_name', 'last_name', 'email', 'postcode']);
    expect(answer.rejects.map((r) => [r.line, r.reason])).toEqual([
      [202, 'repeated_id'],
      [203, 'all_empty'],
      [204, 'no_id'],
    ]);
    expect((await call<{ lists: unknown[] }>('matching.lists', {})).lists).toEqual([]);
  });

  test('rules over a list that nobody uploaded are refused', async () => {
    await expect(call('matching.run', { rules: 'crm' })).rejects.toThrow('Upload the list crm');
    await expect(call('matching.run', { rules: 'other' })).rejects.toThrow('no released matching rules');
  });

  test('an upload replaces the list, or appends to it', async () => {
    const old = 'Id,first_name\nold,x';
    await call('matching.upload-list', { ...MAPPING, columns: {}, text: old });
    const answer = await call<Upload>('matching.upload-list', { ...MAPPING, text: CSV });
    expect(answer.list?.records).toBe(200);
    const json = '{"Id":"n1","first_name":"nobody","tags":["a"]}\nnot json\n[1]';
    const more = await call<Upload>('matching.upload-list', {
      ...MAPPING,
      columns: {},
      format: 'ndjson',
      text: json,
      append: true,
    });
    expect(more.list).toMatchObject({
      records: 201,
      columns: ['first_name', 'last_name', 'email', 'postcode', 'tags'],
    });
    expect(more.rejects.map((r) => r.reason)).toEqual(['not_json', 'not_an_object']);
  });

  test('columns may have any name', async () => {
    const text = '{"constructor":"1","toString":"x"}\n{"id":"2"}\n{"constructor":"3","__proto__":"y"}';
    const answer = await call<Upload>('matching.upload-list', {
      name: 'odd',
      id_column: 'constructor',
      format: 'ndjson',
      text,
      dry_run: true,
    });
    expect(answer.rejects.map((r) => r.reason)).toEqual(['no_id']);
    expect(answer.sample[0]).toEqual({ record_id: '1', fields: { tostring: 'x' } });
  });

  test('files that cannot be meant are refused with the place', async () => {
    await expect(call('matching.upload-list', { ...MAPPING, text: 'a,b\n1,2' })).rejects.toThrow(
      'no column Id',
    );
    await expect(
      call('matching.upload-list', { ...MAPPING, columns: { zip: 'last_name' }, text: CSV }),
    ).rejects.toThrow('Two columns would be stored as last_name');
    await expect(call('matching.upload-list', { ...MAPPING, columns: {}, text: 'Id,x\n,1' })).rejects.toThrow(
      'No record',
    );
  });
});

describe('a run', () => {
  let run: MatchRun;
  beforeAll(async () => {
    run = await runOnce();
  });

  test('joins what is sure, holds back who has not agreed, and says so', () => {
    expect(run).toMatchObject({
      state: 'done',
      summary: { left_records: 300, right_records: 201, link_refused: 0 },
    });
    const without_consent = people.slice(0, 200).filter((p) => !p.agrees).length;
    expect(run.summary?.withheld_by_consent).toBeGreaterThanOrEqual(without_consent * 0.8);
    expect(run.summary?.linked).toBeGreaterThan(100);
    const joined = asked.map((ids) => ids.map((id) => `${id.type}:${id.value}`));
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
    const key = await stores.warehouse.query<{ id: string; hex: string }>(
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
    const { proposals } = await proposalsIn('open');
    expect(proposals.length).toBeGreaterThan(3);
    const [first, second, third] = proposals as [Proposal, Proposal, Proposal];
    const shown = await call<{ fields: { field: string; left: string }[]; waterfall: Waterfall }>(
      'matching.proposal',
      { id: first.id },
    );
    expect(shown.fields.map((f) => f.field)).toEqual(['first_name', 'last_name', 'email', 'postcode']);
    expect(shown.waterfall.weight).toBeCloseTo(first.weight, 4);

    asked.length = 0;
    const accepted = await call<{ proposal: Proposal }>('matching.decide', {
      id: first.id,
      decision: 'accept',
    });
    expect(accepted.proposal).toMatchObject({ state: 'linked', decided_by: 'Ada' });
    expect(asked).toHaveLength(1);
    await expect(call('matching.decide', { id: first.id, decision: 'undo' })).rejects.toThrow(
      'linked already',
    );

    await call('matching.decide', { id: second.id, decision: 'unsure' });
    await call('matching.decide', { id: second.id, decision: 'undo' });
    await call('matching.decide', { id: second.id, decision: 'reject', note: 'not the same' });
    dropping = [{ type: 'crm_id', value: 'x' }];
    const refused = await call<{ proposal: Proposal }>('matching.decide', {
      id: third.id,
      decision: 'accept',
    });
    expect(refused.proposal.state).toBe('accepted');
    expect(refused.proposal.note).toContain('over the limit of crm_id');
    dropping = [];

    const again = await runOnce();
    expect(again.state).toBe('done');
    expect((await proposalsIn('rejected')).proposals.map((p) => p.id)).toEqual([second.id]);
    expect((await proposalsIn('accepted')).proposals.map((p) => p.id)).toEqual([third.id]);
    expect((await proposalsIn('linked')).proposals.map((p) => p.id)).toContain(first.id);
  });

  test('what the newest rules no longer propose is stale', async () => {
    body = { ...RULES, offline_online: 'never' };
    const none = await runOnce();
    expect(none.summary).toMatchObject({ linked: 0, in_review: 0 });
    expect((await proposalsIn('open')).total).toBe(0);
    expect((await proposalsIn('stale')).total).toBeGreaterThan(0);
    expect((await proposalsIn('rejected')).total).toBe(1);
    body = RULES;
    await runOnce();
  });

  test('consent that was withdrawn since is asked for again', async () => {
    const { proposals } = await proposalsIn('open');
    const [proposal] = proposals as [Proposal];
    const row = await stores.warehouse.query<{ id: string }>(
      sql`SELECT left_identifier AS id FROM match_proposals WHERE right_id = ${proposal.right.record_id} AND left_id = ${proposal.left.record_id} LIMIT 1`,
    );
    const person = people.find((p) => `user_id:${p.id}` === row[0]?.id);
    if (person === undefined) throw new Error('the proposal names nobody');
    await stores.warehouse.insert(EVENTS, [eventOf(10_000, { ...person, agrees: false }, {})]);
    await expect(call('matching.decide', { id: proposal.id, decision: 'accept' })).rejects.toThrow(
      'has not agreed',
    );
  });

  test('a run cut off by a stop is failed, and leaves no tables', async () => {
    await stores.control.run(sql`UPDATE match_runs SET state = 'running' WHERE id = ${run.id}`);
    await stores.warehouse.execute(
      sql`CREATE TABLE matching_scratch_abc_raw (n UInt8) ENGINE = MergeTree ORDER BY n`,
    );
    await matching.jobs[0]?.run({ signal: new AbortController().signal });
    const { runs: list } = await call<{ runs: MatchRun[] }>('matching.runs', {});
    expect(list.find((one) => one.id === run.id)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('stopped'),
    });
    const left = await stores.warehouse.query(
      sql`SELECT name FROM system.tables WHERE startsWith(name, 'matching_scratch_')`,
    );
    expect(left).toEqual([]);
  });
});

describe('the rules', () => {
  test('are checked with the place', () => {
    expect(matchingRulesKind.check(RULES, 'crm')).toEqual([]);
    const bad = {
      ...RULES,
      mode: 'dedupe',
      blocking: [['nick']],
      comparisons: [
        { name: 'a', field: 'email', levels: [{ is: 'date_within', days: 3 }], term_frequency: true },
      ],
    };
    expect(matchingRulesKind.check(bad, 'crm').map((p) => p.field)).toEqual([
      'right',
      'blocking.0.0',
      'comparisons.0.levels.0',
      'comparisons.0.term_frequency',
    ]);
    expect(matchingRulesKind.check({}, 'crm').map((p) => p.field)).toContain('mode');
  });
});
