import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRuns } from '../../govern/runs/runs.service.ts';
import { DAY_MS, MINUTE_MS } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import { silentLogger } from '../../kernel/logger.ts';
import type { OperationContext } from '../../kernel/operation.ts';
import { createTurns } from '../../kernel/turns.ts';
import type { NodeId } from '../../resolve/contract.ts';
import { compileRules } from '../../resolve/rules/compile-rules.ts';
import { identifierRules } from '../../resolve/rules/identifier-rules.ts';
import { openControlDb } from '../../stores/control/open.ts';
import type { ControlDb } from '../../stores/control/port.ts';
import { createProfiles } from '../create-profiles.ts';
import {
  batchOf,
  definitionsOf,
  iso,
  NOW_MS,
  openPeople,
  type PeopleFixture,
  stored,
} from '../fixture-people.ts';
import { createProfile, type Profile } from '../index.ts';

let fixture: PeopleFixture;
let control: ControlDb;
let profile: Profile;
let ann: NodeId;

const asRole = (role: string): OperationContext => ({
  actor: { id: 'usr_1', name: 'A', kind: 'user', roles: [role] },
  request_id: 'r',
});

function ask(name: string, input: unknown, role = 'editor'): Promise<Record<string, unknown>> {
  const operation = profile.stage.operations.find((o) => o.name === name);
  if (operation === undefined) throw new Error(`no operation ${name}`);
  return Promise.resolve(operation.input.parse(input))
    .then((parsed) => operation.handle(parsed, asRole(role)))
    .then((answer) => operation.output.parse(answer) as Record<string, unknown>);
}

const refusal = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'taken',
    (error: unknown) => (error instanceof AppError ? error.code : `bug: ${String(error)}`),
  );

const ago = (minutes: number) => iso(NOW_MS - minutes * MINUTE_MS);
const EVENTS = [
  stored(1, {
    user_id: '',
    anonymous_id: 'phone',
    type: 'page',
    event: 'Home',
    timestamp: ago(60),
    context: { locale: 'de-DE', consent: { categoryPreferences: { ads: true } } },
  }),
  stored(2, {
    type: 'identify',
    event: '',
    timestamp: ago(50),
    traits: { email: 'ann@example.com', first_name: 'Ann', last_name: 'Lee', plan: 'gold', income: 50_000 },
  }),
  stored(3, { timestamp: ago(40), properties: { value: 20, email: 'ann@example.com' } }),
  stored(4, {
    type: 'group',
    event: '',
    group_id: 'acme',
    timestamp: ago(30),
    traits: { name: 'Acme Inc', seats: 5, billing_email: 'desk@acme.example' },
  }),
  stored(5, { user_id: 'bob', timestamp: ago(20), properties: { value: 5 } }),
  stored(6, { timestamp: ago(10), properties: { value: 22 } }),
];

beforeAll(async () => {
  fixture = await openPeople();
  control = await openControlDb(`sqlite:${join(fixture.folder, 'control.db')}`, { logger: silentLogger });
  const { warehouse, online, clock, people } = fixture;
  const definitions = definitionsOf([
    { kind: 'computed-trait', name: 'orders', body: { calc: 'count', of: { event: 'Order Completed' } } },
    { kind: 'trait-settings', name: 'income', body: { sensitive: true, unit: 'EUR', label: 'Income' } },
    { kind: 'trait-settings', name: 'plan', body: { fresh_for_days: 30 } },
  ]);
  const base = {
    warehouse,
    online,
    clock,
    logger: silentLogger,
    definitions,
    directory: people.directory,
    sql: people.sql,
  };
  const work = createProfiles({ ...base, turns: createTurns() });
  const nodes = [
    people.know({ type: 'user_id', value: 'ann' }),
    people.know({ type: 'anonymous_id', value: 'phone' }),
    people.know({ type: 'email', value: 'ann@example.com' }),
  ];
  people.know({ type: 'user_id', value: 'bob' });
  ann = nodes[0] as NodeId;
  await people.join(nodes);
  await fixture.store(EVENTS);
  await work.countComputed(new AbortController().signal);
  await work.step.add(batchOf(EVENTS));
  const { rows, online: changes } = await work.step.take();
  for (const { into, lines } of rows) await warehouse.insert(into, lines);
  await online.commit(changes);
  profile = createProfile({
    ...base,
    control,
    runs: createRuns({ control, clock, logger: silentLogger }),
    identifiers: identifierRules(() => compileRules()),
    append: async () => {},
    import_dir: join(fixture.folder, 'import'),
    audiences: () => ({ segmentsOf: async () => [['loyal']] }),
  });
});
afterAll(async () => {
  await fixture.close();
  await control.close();
});

describe('a profile', () => {
  test('has everything that is known of a person, by any identifier', async () => {
    const shown = await ask('profiles.show', { key: 'email:ann@example.com' });
    expect(shown).toMatchObject({
      person: ann,
      identifiers: [
        { type: 'user_id', value: 'ann' },
        { type: 'anonymous_id' },
        { type: 'email', value: 'ann@example.com', masked: false },
      ],
      first_seen: ago(60),
      last_seen: ago(10),
      computed: [{ name: 'orders', value: 2, at: ago(10), state: 'ready' }],
      groups: [{ type: 'account', id: 'acme', since: ago(30), traits: { name: 'Acme Inc', seats: 5 } }],
      consent: [{ purpose: 'ads', granted: true, since: ago(60) }],
      segments: ['loyal'],
    });
    const traits = shown['traits'] as { name: string }[];
    expect(traits.find((one) => one.name === 'income')).toMatchObject({
      value: 50_000,
      sensitive: true,
      unit: 'EUR',
      at: ago(50),
    });
    expect(traits.find((one) => one.name === '$locale')).toMatchObject({ value: 'de-DE', origin: 'kept' });
    expect(traits.find((one) => one.name === 'group.account')).toMatchObject({
      value: 'acme',
      origin: 'group',
    });
    expect(await ask('profiles.show', { key: `person:${ann}` })).toEqual(shown);
    expect(await ask('profiles.show', { key: 'anonymous_id:phone' })).toEqual(shown);
  });

  test('hides contact data and what is sensitive from viewers', async () => {
    const shown = await ask('profiles.show', { key: 'user_id:ann' }, 'viewer');
    expect(shown['identifiers']).toContainEqual({ type: 'email', value: 'a…@example.com', masked: true });
    expect(JSON.stringify(shown)).not.toMatch(/ann@example|Lee|50000/);
    expect(JSON.stringify(await ask('profiles.timeline', { key: 'user_id:ann' }, 'viewer'))).not.toMatch(
      /ann@example|Lee/,
    );
  });

  test('says what is stale', async () => {
    const plan = async () =>
      (
        (await ask('profiles.show', { key: 'user_id:ann' }))['traits'] as {
          name: string;
          stale: boolean;
          age_days: number;
        }[]
      ).find((one) => one.name === 'plan');
    expect(await plan()).toMatchObject({ stale: false, age_days: 0, fresh_for_days: 30 });
    fixture.clock.advance(31 * DAY_MS);
    expect(await plan()).toMatchObject({ stale: true, age_days: 31 });
    fixture.clock.set(NOW_MS);
  });

  test('refuses who is not there', async () => {
    for (const key of ['email:nobody@example.com', 'person:0123456789abcdef', 'person:x', 'nothing', ':::'])
      expect(await refusal(ask('profiles.show', { key })), key).toBe('not_found');
  });

  test('has a timeline over all nodes, in pages', async () => {
    const positions = (page: Record<string, unknown>) =>
      (page['events'] as { position: number }[]).map((e) => e.position);
    const first = await ask('profiles.timeline', { key: 'user_id:ann', limit: '2' });
    expect(positions(first)).toEqual([6, 4]);
    const second = await ask('profiles.timeline', { key: 'user_id:ann', limit: '2', cursor: first['next'] });
    expect(positions(second)).toEqual([3, 2]);
    const third = await ask('profiles.timeline', { key: 'user_id:ann', limit: '2', cursor: second['next'] });
    expect(positions(third)).toEqual([1]);
    expect(third['next']).toBeNull();
    expect(
      positions(await ask('profiles.timeline', { key: 'user_id:ann', event: 'Order Completed' })),
    ).toEqual([6, 3]);
    expect(positions(await ask('profiles.timeline', { key: 'user_id:ann', type: 'identify' }))).toEqual([2]);
    for (const cursor of ['x', '1-9999999999999999', '999999999999999-1'])
      expect(await refusal(ask('profiles.timeline', { key: 'user_id:ann', cursor })), cursor).toBe(
        'invalid_input',
      );
  });

  test('can be exported whole', async () => {
    expect(await ask('profiles.export', { key: 'user_id:ann', events_max: '3' })).toMatchObject({
      profile: { person: ann },
      events: [{ position: 6 }, { position: 4 }, { position: 3 }],
      more_events: true,
    });
  });
});

describe('a search', () => {
  const found = async (q: string, role = 'editor') =>
    (
      (await ask('profiles.list', { q }, role))['people'] as {
        person: string;
        matched: string;
        name: string;
      }[]
    ).map((one) => `${one.matched}:${one.name}`);
  test('finds by identifier, and by the beginning of a name or e-mail for those who see contacts', async () => {
    expect(await found('ann')).toEqual(['user_id:Ann Lee']);
    expect(await found('user_id:ann')).toEqual(['user_id:Ann Lee']);
    expect(await found('ANN@')).toEqual(['email:Ann Lee']);
    expect(await found('le')).toEqual(['last_name:Ann Lee']);
    expect(await found('le', 'viewer')).toEqual([]);
    expect(await found('ann', 'viewer')).toEqual(['user_id:… …']);
    expect(await found("x' OR 1=1")).toEqual([]);
  });
  test('without a question shows who was seen last', async () => {
    expect(await ask('profiles.list', { limit: '1' })).toMatchObject({
      people: [{ person: ann, last_seen: ago(10), events: 5 }],
      more: true,
    });
  });
});

describe('groups', () => {
  test('have members and traits', async () => {
    expect(await ask('groups.list', {})).toEqual({
      groups: [{ type: 'account', id: 'acme', name: 'Acme Inc', members: 1, last_joined: ago(30) }],
      more: false,
    });
    expect(await ask('groups.show', { key: 'acme' })).toMatchObject({
      id: 'acme',
      members: 1,
      traits: [
        { name: 'billing_email', value: 'desk@acme.example' },
        { name: 'name', value: 'Acme Inc' },
        { name: 'seats', value: 5 },
      ],
      people: [{ person: ann, identifier: 'user_id:ann', name: 'Ann Lee' }],
    });
    expect(await ask('groups.show', { key: 'acme' }, 'viewer')).toMatchObject({
      name: 'Acme Inc',
      traits: [
        { name: 'billing_email', value: 'd…@acme.example' },
        { name: 'name', value: 'Acme Inc' },
        { name: 'seats', value: 5 },
      ],
      people: [{ person: ann, name: '… …' }],
    });
    expect(await refusal(ask('groups.show', { key: 'umbrella' }))).toBe('not_found');
    expect(await refusal(ask('groups.show', { key: 'acm' }))).toBe('not_found');
  });
});

describe('traits', () => {
  test('are listed with their types and settings', async () => {
    const names = (await ask('traits.list', {}))['traits'] as { name: string }[];
    expect(names).toContainEqual({
      name: 'income',
      types: ['number'],
      people: 1,
      origin: 'said',
      label: 'Income',
      unit: 'EUR',
      sensitive: true,
      fresh_for_days: null,
    });
    expect(names).toContainEqual(
      expect.objectContaining({ name: 'orders', types: ['number'], origin: 'computed' }),
    );
  });
  test('computed ones say how far they are, and can be tried', async () => {
    expect(await ask('computed-traits.list', {})).toMatchObject({
      computed_traits: [{ name: 'orders', state: 'ready', progress: 1 }],
    });
    const preview = (body: unknown) => ask('computed-traits.preview', { body });
    expect(await preview({ calc: 'sum', of: { event: 'Order Completed' }, property: 'value' })).toMatchObject(
      {
        people: 2,
        values: [
          { value: 42, people: 1 },
          { value: 5, people: 1 },
        ],
      },
    );
    expect(
      await preview({
        calc: 'sql',
        sql: "SELECT {person} AS person, uniq(event) AS value FROM {events} WHERE event != '' GROUP BY person",
      }),
    ).toMatchObject({ people: 2 });
    expect(await refusal(preview({ calc: 'sum', of: {} }))).toBe('invalid_input');
  });
  test('are tried by those only who may declare them: a trait can be made of contact data', () => {
    const tried = profile.stage.operations.find((o) => o.name === 'computed-traits.preview');
    expect(tried?.access).toEqual({ action: 'write', object: 'traits' });
  });
  test('in SQL may only read', async () => {
    const tail = 'FROM {events} GROUP BY person';
    for (const sql of [
      `SELECT {person} AS person, count() AS value ${tail}; DROP TABLE events`,
      `SELECT {person} AS person, file('/etc/passwd') AS value ${tail}`,
      `SELECT {person} AS person, (SELECT count() FROM url('http://example.com')) AS value ${tail}`,
      `SELECT {person} AS person, (SELECT count() FROM traits) AS value ${tail}`,
      `SELECT {person} AS person, (SELECT count() FROM system.tables) AS value ${tail}`,
      `WITH traits AS (SELECT 1) SELECT {person} AS person, (SELECT count() FROM traits) AS value ${tail}`,
      `SELECT {person} AS person, 'traits AS (SELECT' AS x, (SELECT count() FROM traits) AS value ${tail}`,
      `SELECT {person} AS person, sleepEachRow(3) AS value ${tail}`,
      `SELECT {person} AS person, count() AS value ${tail} SETTINGS max_threads = 1`,
      `SELECT {person} AS person, count() AS value ${tail} INTO OUTFILE '/tmp/x'`,
      `SELECT {person} AS person, count() AS value ${tail} FORMAT Native`,
      `SELECT 1 AS person, 2 AS value) , (SELECT {person} FROM {events}`,
      `SELECT {person} AS person, dictGet('d', 'x', 1) AS value ${tail}`,
      `INSERT INTO events SELECT {person} ${tail}`,
      `SELECT {person} AS person, {now} AS value ${tail}`,
      'SELECT 1 AS person, 2 AS value',
      `SELECT {person} AS person, no_such_column AS value ${tail}`,
      `SELECT {person} AS person, count() AS number ${tail}`,
      `SELECT {person} AS person, count( AS value ${tail}`,
    ])
      expect(await refusal(ask('computed-traits.preview', { body: { calc: 'sql', sql } })), sql).toBe(
        'invalid_input',
      );
  });
});
