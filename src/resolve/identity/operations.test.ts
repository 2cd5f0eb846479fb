import { afterAll, beforeAll, expect, test } from 'vitest';
import { catalogue, listedTwice, uncatalogued } from '../../govern/catalogue.ts';
import { key64 } from '../../kernel/ids.ts';
import type { Actor } from '../../kernel/operation.ts';
import { sql } from '../../kernel/sql.ts';
import {
  definitionsOf,
  insertEvents,
  openStores,
  record,
  type SomeEvent,
  type Stores,
  stream,
} from '../fixture.ts';
import { createResolve, type Resolve, type ResolveWork } from '../index.ts';
import { compileRules } from '../rules/compile-rules.ts';
import { maskerFor } from './mask.ts';

let stores: Stores;
let work: ResolveWork;
let main: Resolve;
beforeAll(async () => {
  stores = await openStores();
  work = stores.work();
  const definitions = definitionsOf(() => undefined);
  const { online, warehouse } = stores;
  const runs = { start: () => Promise.reject(new Error('not here')) };
  main = createResolve({
    online,
    warehouse,
    definitions,
    commands: work.commands,
    runs,
  });
  await see(
    { a: 'd1', t: 0 },
    { u: 'ann', a: 'd1', email: 'ann@x.org', t: 1 },
    { u: 'ann', a: 'd1', t: 2 },
    { a: 'd2', email: 'ann@x.org', t: 3 },
    { u: 'bob', a: 'd1', t: 4 },
    { u: 'null', a: 'd9', t: 5 },
  );
});
afterAll(async () => stores.close());

async function see(...events: SomeEvent[]) {
  const list = events.map((event, i) => record(i + 1, event));
  await insertEvents(stores.warehouse, list);
  await stream(work, stores, list, 1);
}

const asRole = (role: string): Actor => ({ id: 'u_1', name: 'Ed', kind: 'user', roles: [role] });

/** Through the schemas, as HTTP calls it. */
async function ask(name: string, input: unknown, role = 'editor'): Promise<Record<string, unknown>> {
  const operation = main.stage.operations.find((one) => one.name === name);
  if (operation === undefined) throw new Error(name);
  const answer = await operation.handle(operation.input.parse(input), {
    actor: asRole(role),
    request_id: 'r',
  });
  return operation.output.parse(answer) as Record<string, unknown>;
}

const ann = key64('user_id:ann');
const d1 = key64('anonymous_id:d1');

test('the graph of a person: nodes, what holds them together, what stayed out', async () => {
  const graph = await ask('identity.show', { type: 'email', value: 'Ann@X.org' });
  expect(graph).toMatchObject({
    person: ann,
    leading: { type: 'user_id', value: 'ann' },
    nodes: expect.arrayContaining([
      expect.objectContaining({ node: ann, leading: true, events: 2 }),
      expect.objectContaining({ node: d1, events: 1, shared_from: '2026-11-01T00:04:00.000Z' }),
      expect.objectContaining({ type: 'email', value: 'ann@x.org', events: 0 }),
    ]),
    edges: expect.arrayContaining([
      expect.objectContaining({ from: ann, to: d1, events: 2, observations: 2, cause: 'event' }),
      expect.objectContaining({ from: key64('email:ann@x.org'), to: key64('anonymous_id:d2'), events: null }),
    ]),
    drops: [
      expect.objectContaining({ node: d1, rule: 'limit user_id ever', other_person: key64('user_id:bob') }),
    ],
  });
  expect(await ask('identity.show', { type: 'person', value: ann })).toEqual(graph);
  await expect(ask('identity.show', { type: 'email', value: 'nobody@x.org' })).rejects.toMatchObject({
    code: 'not_found',
  });
  await expect(ask('identity.show', { type: 'person', value: 'zz' })).rejects.toMatchObject({
    code: 'not_found',
  });
});

test('viewers see contact data cut short', async () => {
  const graph = await ask('identity.show', { type: 'user_id', value: 'ann' }, 'viewer');
  expect(graph['masked']).toBe(true);
  expect(JSON.stringify(graph)).not.toContain('ann@x.org');
  expect(JSON.stringify(await ask('identity.changes', {}, 'viewer'))).not.toContain('ann@x.org');
});

test('a type of one’s own is contact data when the rules read it as such', () => {
  const rules = compileRules({
    identifiers: [{ type: 'mobile', normalise: 'phone' }, { type: 'till' }],
  });
  const { value, text } = maskerFor(asRole('viewer'), rules);
  expect([text('mobile:+4917012345'), value('till', '+4917012345')]).toEqual(['mobile:…345', '+4917012345']);
  expect(maskerFor(asRole('editor'), rules).text('mobile:+4917012345')).toBe('mobile:+4917012345');
});

test('changes, a page at a time', async () => {
  const all = await ask('identity.changes', {});
  const changes = all['changes'] as { change_id: string; what: string; at: string }[];
  expect(changes.map((change) => change.what).sort()).toEqual(['drop', 'merge', 'share']);
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const page = await ask('identity.changes', { limit: 1, ...(after === undefined ? {} : { after }) });
    seen.push(...(page['changes'] as { change_id: string }[]).map((change) => change.change_id));
    after = (page['next'] as string | null) ?? undefined;
  } while (after !== undefined);
  expect(seen).toEqual(changes.map((change) => change.change_id));
  const merges = await ask('identity.changes', {
    person: ann,
    what: 'merge',
    from: '2026-11-01T00:00:00.000Z',
  });
  expect(merges['changes']).toMatchObject([
    { from_person: d1, to_person: ann, cause: 'event', message_id: 'm2' },
  ]);
});

test.each([
  [{ after: '999999999999999-0000000000000000' }, 'after'],
  [{ from: '9999-01-01T00:00:00Z' }, 'from'],
  [{ to: '1800-01-01T00:00:00Z' }, 'to'],
])('%j is no moment that is kept', async (input, field) => {
  await expect(ask('identity.changes', input)).rejects.toMatchObject({ issues: [{ path: [field] }] });
});

test('moments of changes may be said in any zone', async () => {
  const { changes } = await ask('identity.changes', { from: '2026-11-01T02:04:00+02:00' });
  expect(changes).toMatchObject([{ at: '2026-11-01T00:04:00.000Z' }, { at: '2026-11-01T00:04:00.000Z' }]);
});

test('what is blocked, and the rules that run', async () => {
  expect(await ask('identity.blocked', {})).toMatchObject({
    configured: [{ type: 'user_id', rule: 'placeholder', events: 1 }],
    learned: [],
  });
  expect(await ask('identity.rules', {})).toMatchObject({ version: null, applied: true });
});

test('unmerge and link through the operations', async () => {
  const identifier = { type: 'anonymous_id', value: 'd2' };
  const { moved } = await ask('identity.unmerge', { identifier });
  expect(moved).toEqual([{ node: key64('anonymous_id:d2'), from: ann, to: key64('anonymous_id:d2') }]);
  expect(await ask('identity.show', { type: 'user_id', value: 'ann' })).toMatchObject({
    decisions: [expect.objectContaining({ left: [key64('anonymous_id:d2')], actor_id: 'u_1' })],
  });
  const linked = await ask('identity.link', { identifiers: [identifier, { type: 'user_id', value: 'ann' }] });
  expect(linked).toEqual({ person: ann, joined: true, dropped: [], reason: null });
});

test('every column is in the catalogue once', async () => {
  const rows = await stores.warehouse.query<{ field: string }>(
    sql`SELECT concat(table, '.', name) AS field FROM system.columns WHERE database = currentDatabase() AND table LIKE 'identit%'`,
  );
  expect(rows.length).toBeGreaterThan(20);
  expect(
    uncatalogued(
      rows.map((row) => row.field),
      [main.stage],
    ),
  ).toEqual([]);
  expect(listedTwice([main.stage])).toEqual([]);
  expect(catalogue([main.stage]).length).toBeGreaterThan(10);
});
