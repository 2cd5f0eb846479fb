/** The stage as it is asked: lists, preview, explanation, pages of members; and only by those who may. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS } from '../kernel/clock.ts';
import type { PersonId } from '../kernel/ids.ts';
import { key64 } from '../kernel/ids.ts';
import { silentLogger } from '../kernel/logger.ts';
import type { Actor, Operation } from '../kernel/operation.ts';
import { sql } from '../kernel/sql.ts';
import type { NodeId } from '../resolve/contract.ts';
import { SEGMENT_CHANGES } from './contract.ts';
import {
  iso,
  logged,
  NOW,
  NOW_MS,
  openSegmentFixture,
  type SegmentFixture,
  testPeople,
  testTraits,
} from './fixture.ts';
import { runsAtOnce } from './fixture-runs.ts';
import { openTestStream, type TestStream } from './fixture-stream.ts';
import { createSegment } from './index.ts';
import { changesByDay, changesSince } from './queries/segments.sql.ts';

const key = (user: string) => key64(`user_id:${user}`) as NodeId;
const users = Array.from({ length: 40 }, (_, i) => `u${i}`);

let fixture: SegmentFixture;
let stream: TestStream;
let operations: readonly Operation[];
const runs = runsAtOnce();
/** Viewers may see numbers and no people. */
const allow = ({ roles }: Actor) =>
  roles.includes('viewer') ? { allowed: false as const, reason: 'a viewer' } : { allowed: true as const };

const order = { predicate: 'count', event: 'Order Completed', at_least: 1 };
const body = (rule: object, more: object = {}) => ({
  label: 'Label',
  owner: 'crm',
  purpose: 'advertising',
  rule,
  ...more,
});

beforeAll(async () => {
  fixture = await openSegmentFixture();
  const names = new Map(users.map((user) => [key(user), { type: 'user_id', value: user }]));
  stream = openTestStream(fixture, (node) => names.get(node));
  stream.release([
    { kind: 'segment', name: 'buyers', version: 3, body: body(order) },
    {
      kind: 'segment',
      name: 'rich',
      version: 1,
      body: body(
        {
          all: [
            { predicate: 'segment', segment: 'buyers' },
            {
              predicate: 'aggregate',
              event: 'Order Completed',
              property: 'total',
              calc: 'sum',
              op: 'at_least',
              value: 50,
            },
          ],
        },
        { refresh: { every: 'day' } },
      ),
    },
  ]);
  await stream.feed(
    users.map((user, i) => ({
      position: i + 1,
      event: logged({
        user_id: user,
        event: i % 4 === 0 ? 'Order Completed' : 'Product Viewed',
        timestamp: iso(NOW_MS - i * 12 * HOUR_MS),
        properties: JSON.stringify({ total: i * 10, color: 'red' }),
      }),
    })),
  );
  await stream.jobs();
  const segment = createSegment({
    warehouse: fixture.warehouse,
    online: fixture.online,
    control: fixture.control,
    clock: fixture.clock,
    logger: silentLogger,
    definitions: stream.definitions,
    runs,
    allow,
    reviews: { versionOf: async () => undefined, refusal: () => undefined },
    audit: { record: async () => {} },
    directory: stream.directory,
    profiles: stream.reader,
    sql: testPeople,
    traits: testTraits,
    commands: stream.work.commands,
    sensitiveFields: () => [],
  });
  operations = segment.stage.operations;
  const judging = segment.stage.jobs.find((job) => job.name === 'segment.judge-use');
  await judging?.run({ signal: new AbortController().signal });
}, 60_000);
afterAll(() => fixture.close());

async function ask(name: string, input: object = {}, role = 'editor') {
  const operation = operations.find((one) => one.name === name);
  if (operation === undefined) throw new Error(`no operation ${name}`);
  const actor = { id: 'ann', name: 'Ann', kind: 'user' as const, roles: [role] };
  const output = await operation.handle(operation.input.parse(input), { actor, request_id: 'r' });
  return operation.output.parse(output) as Record<string, unknown>;
}

test('the list says size, changes, cost and who rests on whom', async () => {
  const { segments } = await ask('segments.list');
  expect(segments).toMatchObject([
    {
      name: 'buyers',
      version: 3,
      use: { state: 'free', reasons: [] },
      decided_by: 'stream',
      state: 'live',
      people: 10,
      used_by: ['rich'],
      entered_7d: 0,
      exited_7d: 0,
      advice: { every: 'stream' },
    },
    {
      name: 'rich',
      decided_by: 'scan',
      every: 'day',
      people: 8,
      uses: ['buyers'],
      cost: { rows_read: 40, bytes_read: expect.toSatisfy((bytes: number) => bytes > 40 * 50) },
    },
  ]);
  const rich = await ask('segments.show', { name: 'rich' });
  expect(rich).toMatchObject({
    parts: [
      { place: 'rule.all[0]', predicate: 'segment', description: 'in the segment buyers' },
      { place: 'rule.all[1]' },
    ],
  });
  await expect(ask('segments.show', { name: 'poor' })).rejects.toMatchObject({ code: 'not_found' });
});

test('a preview is exact when everybody is looked at, and shows people to those who may see them', async () => {
  const rule = { predicate: 'count', event: 'Order Completed', window: { days: 8 }, at_least: 1 };
  const seen = await ask('segment-rules.preview', { rule, trend_days: 4, sample: 3 });
  expect(seen).toMatchObject({ people: { estimate: 4, low: 4, high: 4, exact: true }, of: 40, looked_at: 1 });
  expect(seen['trend']).toMatchObject([
    { estimate: 4 },
    { estimate: 4 },
    { estimate: 4 },
    { estimate: 4 },
    { estimate: 4 },
  ]);
  expect(seen['overlap']).toMatchObject([
    { segment: 'buyers', people: 10, both: { estimate: 4 }, share: 1 },
    { segment: 'rich', both: { estimate: 2 }, share: 0.5 },
  ]);
  expect(seen['sample']).toMatchObject([{ identifiers: [expect.stringMatching(/^user_id:u/)] }, {}, {}]);
  const fewer = { estimate: 5, low: 0, high: 9, exact: false };
  const told = (asked: object) => ask('segment-rules.preview', { rule: asked, trend_days: 1 }, 'viewer');
  const blind = await told(rule);
  expect(blind).toMatchObject({
    people: fewer,
    trend: [fewer, fewer],
    overlap: [
      { both: fewer, share: null },
      { both: fewer, share: null },
    ],
    sample: [],
    notes: [expect.stringContaining('fewer than 10')],
  });
  // Nobody, one and nine are told alike.
  const nobody = await told({ ...order, event: 'Order Cancelled' });
  expect([nobody['people'], nobody['trend']]).toEqual(
    [blind['people'], blind['trend']].map((one, i) =>
      i === 0 ? one : [expect.objectContaining(fewer), expect.objectContaining(fewer)],
    ),
  );
  expect(await told(order)).toMatchObject({
    people: { estimate: 10, exact: true },
    overlap: [
      { segment: 'buyers', both: { estimate: 10 }, share: 1 },
      { segment: 'rich', both: fewer },
    ],
  });
  await expect(
    ask('segment-rules.preview', { rule: { all: [order, { ...order, at_least: 'x' }] } }),
  ).rejects.toMatchObject({
    code: 'invalid_input',
    details: { field: 'rule.all[1].at_least' },
  });
});

test('who sees no people is not told of few in two segments', async () => {
  const { segments } = await ask('segments.overlap', { name: 'buyers' });
  expect(segments).toMatchObject([{ segment: 'rich', both: 8 }]);
  expect(await ask('segments.overlap', { name: 'buyers' }, 'viewer')).toMatchObject({
    segments: [{ segment: 'rich', both: null }],
  });
});

test('an explanation says what each part of the rule rests on', async () => {
  const people = [key('u4'), key('u8'), key('u1')] as string[] as PersonId[];
  const { explanations } = await ask('segments.explain', { name: 'rich', people });
  expect(explanations).toMatchObject([
    {
      is: false,
      member: false,
      parts: [
        { is: true, decides: false, evidence: true },
        { place: 'rule.all[1]', is: false, negated: false, decides: true, evidence: 40 },
      ],
    },
    { is: true, member: true, parts: [{ is: true }, { is: true, evidence: 80 }] },
    { is: false, member: false, parts: [{ is: false }, { evidence: 0 }] },
  ]);
});

test('members come page by page, and as CSV', async () => {
  const first = await ask('segments.members', { name: 'buyers', limit: 6 });
  const second = await ask('segments.members', { name: 'buyers', limit: 6, after: first['next'] });
  expect([
    (first['members'] as unknown[]).length,
    (second['members'] as unknown[]).length,
    second['next'],
  ]).toEqual([6, 4, null]);
  const { csv, rows } = await ask('segments.export', { name: 'buyers' });
  expect(rows).toBe(10);
  expect(String(csv).split('\r\n').slice(0, 1)).toEqual(['person,since,identifiers']);
  expect(String(csv)).toContain('user_id:u36');
});

test('changes and the trend of a segment', async () => {
  const { changes } = await ask('segments.changes', { segment: 'buyers', limit: 100 });
  expect((changes as { what: string }[]).length).toBe(10);
  const { days } = await ask('segments.trend', { name: 'buyers', days: 3 });
  expect(days).toMatchObject([{ people: 0 }, { people: 0 }, { people: 10, entered: 0, exited: 0 }]);
});

test('who is joined neither comes nor goes in the trend; who acts does', async () => {
  const change = (change_id: number, what: string, cause: string) =>
    JSON.stringify({
      change_id,
      segment: 'joined',
      segment_version: 1,
      person: change_id,
      what,
      at: NOW,
      cause,
    });
  await fixture.warehouse.insert(SEGMENT_CHANGES, [
    change(1, 'entered', 'first'),
    change(2, 'exited', 'merge'),
    change(3, 'entered', 'merge'),
    change(4, 'entered', 'event'),
    change(5, 'exited', 'time'),
  ]);
  const days = await fixture.warehouse.query(changesByDay('joined', NOW_MS));
  const week = await fixture.warehouse.query(changesSince(['joined'], NOW_MS));
  await fixture.warehouse.execute(
    sql`ALTER TABLE ${SEGMENT_CHANGES} DELETE WHERE segment = 'joined' SETTINGS mutations_sync = 1`,
  );
  expect(days).toMatchObject([{ grown: 1, entered: 1, exited: 1 }]);
  expect(week).toMatchObject([{ entered: 1, exited: 1 }]);
});

test('fields are what was sent; a check refuses what was not', async () => {
  const catalogue = await ask('segment-rules.fields');
  const blind = JSON.stringify(await ask('segment-rules.fields', {}, 'viewer'));
  expect(blind).not.toMatch(/"examples":\[[^\]]/);
  expect(JSON.stringify(catalogue)).toMatch(/"examples":\[[^\]]/);
  const events = catalogue['events'] as { event: string; fields: { name: string; types: string[] }[] }[];
  expect(events.map((one) => one.event).sort()).toEqual(['Order Completed', 'Product Viewed']);
  expect(events[0]?.fields).toMatchObject([{ types: ['text'] }, { types: ['number'] }]);
  const { problems } = await ask('segment-rules.check', {
    body: body({ ...order, event: 'Order Complete' }),
  });
  expect(problems).toMatchObject([
    { field: 'rule.event', message: expect.stringContaining('did you mean Order Completed?') },
  ]);
  expect((await ask('segment-rules.predicates'))['predicates']).toHaveLength(13);
});

test('a refresh runs in the background and is kept with what it cost', async () => {
  fixture.clock.advance(DAY_MS);
  expect(await ask('segments.refresh', { segments: ['rich'] })).toEqual({ run_id: 'run0' });
  expect(runs.started).toMatchObject([{ kind: 'segment.refresh', subject: 'rich', state: 'done' }]);
  const { refreshes } = await ask('segments.refreshes', { limit: 1 });
  expect(refreshes).toMatchObject([
    { segments: ['rich'], cause: 'refresh', people: 8, entered: 0, exited: 0 },
  ]);
});
