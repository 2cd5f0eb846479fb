/** What happens to people when other rules are released, and that a preview says so before. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { EVENTS } from '../collect/contract.ts';
import type { Run, Runs } from '../govern/contract.ts';
import { digest, key64, type PersonId } from '../kernel/ids.ts';
import { hexOf } from '../kernel/key64.ts';
import type { Actor } from '../kernel/operation.ts';
import { sql } from '../kernel/sql.ts';
import { NOBODY, type NodeId, type ResolvedBatch } from './contract.ts';
import {
  definitionsOf,
  empty,
  insertEvents,
  openStores,
  record,
  type SomeEvent,
  type Stores,
  stream,
} from './fixture.ts';
import { createPreview } from './identity/preview.service.ts';
import type { ResolveWork } from './index.ts';
import { compileRules } from './rules/compile-rules.ts';
import { DEFAULT_RULES, type IdentityRules, IdentityRulesBody } from './rules/identity-rules.ts';

let stores: Stores;
let rules: IdentityRules;
let release: number;
let work: ResolveWork;
beforeAll(async () => {
  stores = await openStores();
});
beforeEach(async () => {
  await empty(stores);
  rules = DEFAULT_RULES;
  release = 1;
  work = stores.work(
    definitionsOf(
      () => rules,
      () => release,
    ),
  );
});
afterAll(async () => stores.close());

const node = (text: string) => key64(text) as NodeId;
const ann = node('user_id:ann');
const people = (...names: string[]) => work.directory.personsOf(names.map(node));
const actor: Actor = { id: 'u_1', name: 'Ed', kind: 'user', roles: ['editor'] };

function released(next: IdentityRules): Promise<void> | undefined {
  rules = next;
  release += 1;
  return work.jobs[0]?.run({ signal: new AbortController().signal });
}

async function see(...events: SomeEvent[]) {
  const list = events.map((event, i) => record(release * 100 + i, event));
  await insertEvents(stores.warehouse, list);
  return stream(work, stores, list);
}

const onlyOneMail = IdentityRulesBody.parse({
  ...DEFAULT_RULES,
  identifiers: DEFAULT_RULES.identifiers.map((rule) =>
    rule.type === 'email' ? { ...rule, limit: { ever: 1, window: null } } : rule,
  ),
});

test('a tighter limit: the preview counts who would split, the release splits them, another joins them again', async () => {
  await see(
    { u: 'ann', a: 'd1', email: 'a@x.org', t: 0 },
    { u: 'ann', a: 'd1', email: 'b@x.org', t: 1 },
    { a: 'd2', email: 'b@x.org', t: 2 },
  );
  expect(await people('anonymous_id:d2')).toEqual([ann]);
  const preview = await result(
    createPreview({ online: stores.online, runs: atOnce, rules: () => compileRules(rules) }).start(
      onlyOneMail,
      actor,
    ),
  );
  expect(preview).toMatchObject({
    split: 1,
    joined: 0,
    people_before: 1,
    people_after: 2,
    read_differently: [],
  });
  await released(onlyOneMail);
  const mail = node('email:b@x.org');
  expect(await people('anonymous_id:d1', 'anonymous_id:d2', 'email:b@x.org')).toEqual([ann, mail, mail]);
  const [batch] = await see({ u: 'ann', t: 3 });
  expect(batch?.moves).toContainEqual({ node: node('anonymous_id:d2'), from: ann, to: mail });
  await released(DEFAULT_RULES);
  expect(await people('anonymous_id:d2')).toEqual([ann]);
});

test('an identifier that was not read before is found in the events of the past', async () => {
  const without = IdentityRulesBody.parse({
    identifiers: DEFAULT_RULES.identifiers.filter((rule) => rule.type !== 'email'),
  });
  await released(without);
  await see({ u: 'ann', email: 'a@x.org', t: 0 }, { a: 'd2', email: 'a@x.org', t: 1 });
  expect(await people('anonymous_id:d2')).toEqual([node('anonymous_id:d2')]);
  await released(DEFAULT_RULES);
  expect(await people('anonymous_id:d2')).toEqual([ann]);
  const [batch] = await see({ u: 'bob', t: 3 });
  expect(batch?.moves).toContainEqual({
    node: node('anonymous_id:d2'),
    from: node('anonymous_id:d2'),
    to: ann,
  });
});

test('a value that is blocked from now on joins nobody, in the past neither', async () => {
  await see({ u: 'ann', email: 'info@x.org', t: 0 }, { a: 'd2', email: 'info@x.org', t: 1 });
  const identifiers = DEFAULT_RULES.identifiers.map((rule) =>
    rule.type === 'email' ? { ...rule, blocked: ['info@x.org'] } : rule,
  );
  await released(IdentityRulesBody.parse({ ...DEFAULT_RULES, identifiers }));
  expect(await people('anonymous_id:d2')).toEqual([node('anonymous_id:d2')]);
});

describe('an id that the rules block', () => {
  const blocking = IdentityRulesBody.parse({
    ...DEFAULT_RULES,
    identifiers: DEFAULT_RULES.identifiers.map((rule) =>
      rule.type === 'user_id' ? { ...rule, blocked_patterns: ['^server-'] } : rule,
    ),
  });
  const visits: SomeEvent[] = [
    { u: 'server-1', a: 'd1', t: 0 },
    { u: 'ann', a: 'd2', t: 1 },
    { u: 'server-1', t: 2 },
  ];
  const server = node('user_id:server-1');
  const inSql = async () => {
    const rows = await stores.warehouse.query<{ person: string }>(
      sql`SELECT ${hexOf(work.sql.person)} AS person FROM ${EVENTS} ${work.sql.join} ORDER BY position`,
    );
    return rows.map((row) => row.person);
  };
  const streamed = (batches: readonly ResolvedBatch[]) =>
    batches.flatMap(({ events }) => events.map(({ person }) => person as string));

  test('names nobody: in the stream, in SQL, by history, and in questions', async () => {
    await released(blocking);
    expect(streamed(await see(...visits))).toEqual([NOBODY, ann, NOBODY]);
    expect(await inSql()).toEqual([NOBODY, ann, NOBODY]);
    expect(await work.directory.find({ type: 'user_id', value: 'server-1' })).toBeUndefined();
    expect(await work.directory.nodesOf([server as string as PersonId])).toEqual([[]]);
    await empty(stores, ['identities', 'identity_changes']);
    work = stores.work(definitionsOf(() => blocking));
    await work.importHistory({ from: new Date(0), to: new Date('2100-01-01') });
    expect(await inSql()).toEqual([NOBODY, ann, NOBODY]);
  });

  test('was somebody until the release, and is again after another', async () => {
    await see(...visits);
    expect(await inSql()).toEqual([server, ann, server]);
    await released(blocking);
    expect(await inSql()).toEqual([NOBODY, ann, NOBODY]);
    const [batch] = await see({ u: 'server-1', t: 3 });
    expect(batch?.resplit).toEqual([{ node: server, twin: server }]);
    expect(batch?.events[0]?.person).toBe(NOBODY);
    await released(DEFAULT_RULES);
    expect(await inSql()).toEqual([server, ann, server, server]);
    const [again] = await see({ u: 'server-1', t: 4 });
    expect(again?.resplit).toEqual([{ node: server, twin: server }]);
    expect(again?.events[0]?.person).toBe(server);
    expect(await people('anonymous_id:d1')).toEqual([server]);
  });

  test('learnt to be everybody’s, it is nobody’s, its earlier events as well', async () => {
    const mail = (n: number): SomeEvent => ({ u: `user-${n}`, a: 'kiosk', t: n });
    const batches = await see(...Array.from({ length: 51 }, (_, n) => mail(n)), { a: 'kiosk', t: 60 });
    expect(streamed(batches).at(-1)).toBe(NOBODY);
    expect((await inSql()).at(-1)).toBe(NOBODY);
    const kiosk = node('anonymous_id:kiosk');
    expect(batches[0]?.resplit).toContainEqual({ node: kiosk, twin: kiosk });
  });
});

describe('the hash of a blocked value', () => {
  const withHash = (blocked: readonly string[], blocked_patterns: readonly string[] = []) =>
    IdentityRulesBody.parse({
      ...DEFAULT_RULES,
      identifiers: DEFAULT_RULES.identifiers
        .filter(({ type }) => type !== 'crm_id')
        .map((rule) =>
          rule.type === 'email'
            ? { ...rule, blocked, blocked_patterns }
            : rule.type === 'email_sha256'
              ? { ...rule, hash_of: 'email', paths: ['traits.crm_id'] }
              : rule,
        ),
    });
  const hash = digest('info@x.org');
  const visits: SomeEvent[] = [
    { a: 'd1', email: 'info@x.org', t: 0 },
    { a: 'd2', email: 'info@x.org', t: 1 },
    { a: 'd3', crm: hash, t: 2 },
  ];
  const names = ['anonymous_id:d1', 'anonymous_id:d2', 'anonymous_id:d3', `email_sha256:${hash}`];

  test.each([
    ['a value', withHash(['info@x.org'])],
    ['a pattern', withHash([], ['^info@'])],
  ])('%s: joins nobody, whenever the rule was released', async (_, blocking) => {
    await released(withHash([]));
    await see(...visits);
    expect(new Set(await people(...names)).size).toBe(1);
    const counts = await result(
      createPreview({ online: stores.online, runs: atOnce, rules: () => compileRules(rules) }).start(
        blocking,
        actor,
      ),
    );
    expect(counts).toMatchObject({ people_before: 1, people_after: 5, split: 1 });
    await released(blocking);
    expect(await people(...names)).toEqual(names.map(node));
    await see({ a: 'd4', email: 'info@x.org', t: 3 }, { a: 'd4', crm: hash, t: 4 });
    expect(await people(...names, 'anonymous_id:d4')).toEqual([...names, 'anonymous_id:d4'].map(node));

    await empty(stores);
    work = stores.work(definitionsOf(() => blocking));
    await see(...visits);
    expect(await people(...names)).toEqual(names.map(node));
    await empty(stores, ['identities', 'identity_changes']);
    work = stores.work(definitionsOf(() => blocking));
    await work.importHistory({ from: new Date(0), to: new Date('2100-01-01') });
    expect(await people(...names)).toEqual(names.map(node));
  });
});

/** Runs that are done when they have begun. */
const atOnce: Runs = {
  async start(kind, subject, { id: actor_id }, work) {
    const result = await work({ signal: new AbortController().signal, progress: () => {} });
    const at = '2026-11-22T10:00:00.000Z';
    const about = { id: 'r', kind, subject, actor_id, started_at: at, ended_at: at, error: '' };
    return { ...about, state: 'done', progress: 1, doing: '', result };
  },
};

const result = async (run: Promise<Run>): Promise<unknown> => (await run).result;
