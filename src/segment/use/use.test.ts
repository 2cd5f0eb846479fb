/** From working out to use: judged, held, approved by somebody else, held again when more is told than was approved. */
import { afterAll, beforeEach, expect, test } from 'vitest';
import type { AuthoredVersion, ReleasedDefinition } from '../../govern/contract.ts';
import { DAY_MS, HOUR_MS } from '../../kernel/clock.ts';
import { key64, type PersonId } from '../../kernel/ids.ts';
import { silentLogger } from '../../kernel/logger.ts';
import type { Actor } from '../../kernel/operation.ts';
import type { TraitSql } from '../../profile/contract.ts';
import type { NodeId } from '../../resolve/contract.ts';
import {
  logged,
  NOW_MS,
  openSegmentFixture,
  type SegmentFixture,
  testPeople,
  testTraits,
} from '../fixture.ts';
import { runsAtOnce } from '../fixture-runs.ts';
import { openTestStream, type TestStream } from '../fixture-stream.ts';
import { createSegment, type Segment } from '../index.ts';
import { releasedSet } from '../stream/streamed.ts';
import { createUse } from './index.ts';

const ANN: Actor = { id: 'ann', name: 'Ann', kind: 'user', roles: ['editor'] };
const BEN: Actor = { id: 'ben', name: 'Ben', kind: 'user', roles: ['editor'] };
const VIC: Actor = { id: 'vic', name: 'Vic', kind: 'user', roles: ['viewer'] };

const USERS = Array.from({ length: 120 }, (_, i) => `u${i}`);
const key = (user: string) => key64(`user_id:${user}`) as NodeId;
const names = new Map(USERS.map((user) => [key(user), { type: 'user_id', value: user }]));

const traits: TraitSql = {
  ...testTraits,
  traitNames: async () =>
    ['household_income', 'religion', 'plan'].map((name) => ({ name, types: ['number'], people: 120 })),
};
const buys = { predicate: 'count', event: 'Order Completed', at_least: 1 };
const body = (rule: object, more: object = {}) => ({
  label: 'x',
  owner: 'x',
  purpose: 'mail',
  rule,
  ...more,
});
const income = { predicate: 'trait', trait: 'household_income', op: 'at_least', value: 40_000 };
const segmentOf = (name: string, rule: object, more: object = {}): ReleasedDefinition => ({
  kind: 'segment',
  name,
  version: 1,
  body: body(rule, more),
});
const RELEASE = [
  segmentOf('buyers', buys),
  segmentOf('faithful', buys, { sensitivity: 'sensitive' }),
  segmentOf('few', { ...buys, at_least: 2 }),
  segmentOf('rich', income, { sensitivity: 'sensitive' }),
  segmentOf('everybody-else', { not: { predicate: 'segment', segment: 'rich' } }),
  segmentOf('even', { ...buys, event: 'Looked' }),
];

let fixture: SegmentFixture;
let stream: TestStream;
let segment: Segment;
let deps: Parameters<typeof createSegment>[0];
let audited: { action: string; details: object }[];

/** Orders of the first sixty, of whom `rich_share` have a high income, as few of the others. */
const incomes = (rich_share: number, at_ms: number) =>
  USERS.map((user, i) => {
    const buyer = i < 60;
    const rich = (i % 60) / 60 < rich_share === buyer;
    return {
      node: key(user),
      trait: 'household_income',
      value: (rich ? 50_000 : 20_000) + ((i * 37) % 60) * 100,
      at_ms,
    };
  });

beforeEach(async () => {
  await fixture?.close();
  fixture = await openSegmentFixture();
  audited = [];
  stream = openTestStream(
    fixture,
    (node) => names.get(node),
    async () => {},
  );
  deps = {
    ...fixture,
    logger: silentLogger,
    definitions: stream.definitions,
    runs: runsAtOnce(),
    allow: ({ roles }, { action }) =>
      roles.includes('editor') || roles.includes('admin') || action === 'read'
        ? { allowed: true }
        : { allowed: false, reason: 'Changing segment-use needs the role editor.' },
    reviews: {
      versionOf: async (kind, name, version): Promise<AuthoredVersion | undefined> => {
        const found = stream.definitions.current(kind).find((d) => d.name === name && d.version === version);
        return found && { body: found.body, author_id: 'ann', author_name: 'Ann' };
      },
      refusal: (actor, author_id) =>
        actor.id === author_id ? 'The author of a version cannot decide its review.' : undefined,
    },
    audit: { record: async (entry) => void audited.push(entry) },
    directory: stream.directory,
    profiles: stream.reader,
    sql: testPeople,
    traits,
    commands: stream.work.commands,
    sensitiveFields: () => [],
  };
  segment = createSegment(deps);
  stream.traits = incomes(0.85, NOW_MS - DAY_MS);
  await fixture.storeTraits(stream.traits);
  await fixture.storeTraits(
    USERS.slice(0, 40).map((user, i) => ({
      node: key(user),
      trait: 'religion',
      value: i % 3,
      at_ms: NOW_MS,
    })),
  );
  stream.release(RELEASE);
  await stream.feed(
    USERS.flatMap((user, i) => [
      {
        position: 3 * i + 1,
        event: logged({ user_id: user, event: i < 60 ? 'Order Completed' : 'Visited' }),
      },
      { position: 3 * i + 2, event: logged({ user_id: user, event: i % 2 === 0 ? 'Looked' : 'Visited' }) },
      { position: 3 * i + 3, event: logged({ user_id: user, event: i < 5 ? 'Order Completed' : 'Visited' }) },
    ]),
  );
}, 60_000);
afterAll(() => fixture.close());

async function ask(name: string, input: object = {}, actor = BEN): Promise<Record<string, unknown>> {
  const operation = segment.stage.operations.find((one) => one.name === name);
  if (operation === undefined) throw new Error(`no operation ${name}`);
  const output = await operation.handle(operation.input.parse(input), { actor, request_id: 'r' });
  return operation.output.parse(output) as Record<string, unknown>;
}
async function judge(): Promise<void> {
  await stream.jobs();
  const job = segment.stage.jobs.find((one) => one.name === 'segment.judge-use');
  await job?.run({ signal: new AbortController().signal });
}
/** As decisions read it. */
const given = async (user: string): Promise<readonly string[]> =>
  (await segment.reader.segmentsOf([key(user) as string as PersonId]))[0] ?? [];
const all = async () =>
  (await ask('segments.uses'))['uses'] as { readonly segment: string; readonly state: string }[];
const states = async (): Promise<Record<string, string>> =>
  Object.fromEntries((await all()).map(({ segment: name, state }) => [name, state]));

test('what gives away an income is held, its people are not given out, and the list says why', async () => {
  await stream.jobs();
  expect(await given('u2')).toEqual([]);
  await expect(ask('segments.export', { name: 'even' })).rejects.toMatchObject({
    code: 'not_ready',
    details: { retry_after_s: 5 },
  });
  await judge();
  expect(await states()).toEqual({
    buyers: 'held',
    'everybody-else': 'held',
    even: 'free',
    // Declared, but for nothing that its rule names.
    faithful: 'held',
    few: 'free',
    rich: 'approved',
  });
  expect(await given('u2')).toEqual(['even', 'few', 'rich']);
  const { segments } = (await ask('segments.list')) as { segments: { name: string; use: object }[] };
  expect(segments.find(({ name }) => name === 'buyers')?.use).toEqual({
    state: 'held',
    reasons: [
      expect.stringMatching(
        /^needs approval because membership tells `household_income` \(income and debt\): area under the curve 0\.8\d, 95 % 0\.\d\d to 0\.\d\d\.$/,
      ),
    ],
  });
  expect(segments.find(({ name }) => name === 'everybody-else')?.use).toMatchObject({
    reasons: [
      expect.stringContaining('`rich`, which it asks for, uses `household_income`'),
      expect.anything(),
    ],
  });
  expect(audited).toContainEqual(
    expect.objectContaining({
      action: 'segments.hold',
      details: { name: 'buyers', fields: ['predicts household_income'] },
    }),
  );
  await judge();
  expect(audited.length).toBe(3);
});

test('too few people hold nothing, and it is said what could not be checked', async () => {
  await judge();
  expect(await ask('segments.use', { name: 'few' })).toMatchObject({
    state: 'free',
    checked: [],
    unchecked: [
      { trait: 'household_income', reason: 'fewer than 30 people with it on one side' },
      { trait: 'religion', reason: 'fewer than 30 people with it on one side' },
    ],
  });
  // Looked at again before the day is over: people may have come.
  await fixture.storeTraits(incomes(1, NOW_MS));
  fixture.clock.advance(HOUR_MS);
  await judge();
  expect((await ask('segments.use', { name: 'few' }))['judged_at']).toBe(
    new Date(NOW_MS + HOUR_MS).toISOString(),
  );
});

test('the export is refused with who can approve; members stay visible to those who look after it', async () => {
  await judge();
  const refused = ask('segments.export', { name: 'buyers' });
  await expect(refused).rejects.toMatchObject({ code: 'not_ready', details: { rule: 'approval' } });
  await expect(refused).rejects.toThrow(
    /`buyers` is held: it needs approval because membership tells `household_income`.*role editor can approve its use, other than Ann, who wrote version 1 of segment\/buyers/,
  );
  expect((await ask('segments.members', { name: 'buyers', limit: 100 }))['members']).toHaveLength(60);
});

test('somebody else approves it, not its author, and not what was found since', async () => {
  await judge();
  const seen = await ask('segments.use', { name: 'buyers' }, ANN);
  expect(seen).toMatchObject({ may_approve: false, why_not: expect.stringContaining('author') });
  const input = { name: 'buyers', reason: 'Only for letters of thanks' };
  await expect(ask('segments.approve-use', input, ANN)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(ask('segments.approve-use', input, VIC)).rejects.toThrow(/needs the role editor/);
  await expect(
    ask('segments.approve-use', { ...input, judged_at: '2026-11-01T00:00:00.000Z' }),
  ).rejects.toMatchObject({ code: 'conflict' });
  expect(await given('u2')).not.toContain('buyers');
  expect(await ask('segments.approve-use', { ...input, judged_at: seen['judged_at'] })).toMatchObject({
    state: 'approved',
    findings: [{ field: 'household_income', covered: true }],
    approvals: [{ approver_name: 'Ben', reason: input.reason, fields: ['household_income'], covers: true }],
  });
  expect(await given('u2')).toContain('buyers');
  expect((await ask('segments.export', { name: 'buyers' }))['rows']).toBe(60);
  await expect(ask('segments.approve-use', input)).rejects.toMatchObject({ code: 'not_ready' });
});

test('a stronger association holds it again, the same one a day later does not', async () => {
  await judge();
  await ask('segments.approve-use', { name: 'buyers', reason: 'fine' });
  fixture.clock.advance(DAY_MS);
  await judge();
  expect((await ask('segments.use', { name: 'buyers' }))['judged_at']).toBe(
    new Date(NOW_MS + DAY_MS).toISOString(),
  );
  expect(await given('u2')).toContain('buyers');
  await fixture.storeTraits(incomes(1, NOW_MS));
  fixture.clock.advance(DAY_MS);
  await judge();
  expect((await states())['buyers']).toBe('held');
  expect(await given('u2')).not.toContain('buyers');
  expect(audited.filter(({ details }) => 'name' in details && details.name === 'buyers').length).toBe(2);
});

test('an approval ends with its withdrawal, and with another rule or purpose', async () => {
  await judge();
  await ask('segments.approve-use', { name: 'buyers', reason: 'fine' });
  expect(
    await ask('segments.withdraw-use-approval', { name: 'buyers', reason: 'not any more' }),
  ).toMatchObject({
    state: 'held',
    approvals: [{ covers: false, withdrawn_by_name: 'Ben', withdrawn_reason: 'not any more' }],
  });
  expect(await given('u2')).not.toContain('buyers');
  await expect(
    ask('segments.withdraw-use-approval', { name: 'buyers', reason: 'again' }),
  ).rejects.toMatchObject({ code: 'not_ready' });
  await ask('segments.approve-use', { name: 'buyers', reason: 'after all' });
  expect(await given('u2')).toContain('buyers');
  const others = RELEASE.filter(({ name }) => name !== 'buyers');
  stream.release([
    ...others,
    { kind: 'segment', name: 'buyers', version: 2, body: body(buys, { purpose: 'credit scoring' }) },
  ]);
  // At once, before anything ran.
  expect(await given('u2')).not.toContain('buyers');
  await judge();
  expect((await states())['buyers']).toBe('held');
  await ask('segments.approve-use', { name: 'buyers', reason: 'for that, too' });
  stream.release(RELEASE);
  await judge();
  expect((await states())['buyers']).toBe('approved');
});

test('of a held segment nothing is told, nor later; what waits for a judgement is told after it', async () => {
  await judge();
  const order = (user: string, position: number) => ({
    position,
    event: logged({
      user_id: user,
      message_id: `m${position}`,
      event: position % 2 === 0 ? 'Looked' : 'Order Completed',
    }),
  });
  await stream.feed([order('u101', 1_001)]);
  await stream.jobs();
  expect(stream.told).toEqual([]);
  await ask('segments.approve-use', { name: 'buyers', reason: 'fine' });
  await stream.feed([order('u103', 1_003)]);
  await stream.jobs();
  expect(stream.told).toMatchObject([{ user_id: 'u103', properties: { segment: 'buyers' } }]);
  const changed = RELEASE.map((one) => ({
    ...one,
    version: 2,
    body: { ...(one.body as object), purpose: 'new' },
  }));
  stream.release(changed);
  await stream.feed([order('u105', 1_006)]);
  await stream.jobs();
  expect(stream.told.length).toBe(1);
  await judge();
  await stream.jobs();
  expect(stream.told.slice(1)).toMatchObject([{ user_id: 'u105', properties: { segment: 'even' } }]);
});

test('clusters are judged after each run, by the version they were made with', async () => {
  const value = { kind: 'segmentation', name: 'value', version: 1, body: { method: 'rfm', purpose: 'mail' } };
  stream.release([...RELEASE, value]);
  await judge();
  fixture.clock.advance(HOUR_MS);
  await ask('segmentations.run', { name: 'value' });
  await judge();
  const found = (await all()).filter(({ segment: name }) => name.startsWith('value/'));
  expect(found.map(({ state }) => state)).toContain('held');
  const held = found.find(({ state }) => state === 'held')?.segment ?? '';
  await expect(ask('segments.export', { name: held })).rejects.toThrow(
    /wrote version 1 of segmentation\/value/,
  );
  expect(await ask('segments.approve-use', { name: held, reason: 'fine' })).toMatchObject({
    state: 'approved',
  });
  const { csv } = await ask('segments.export', { name: held });
  expect(String(csv).split('\r\n').length).toBeGreaterThan(30);
  const judged_at = async () => (await ask('segments.use', { name: held }))['judged_at'];
  const before = await judged_at();
  fixture.clock.advance(1_000);
  await judge();
  expect(await judged_at()).toBe(before);
  await ask('segmentations.run', { name: 'value' });
  expect((await states())[held]).toBe('pending');
  await judge();
  expect((await states())[held]).toBe('approved');
  expect(await judged_at()).not.toBe(before);
  stream.release(RELEASE);
  await judge();
  expect((await states())[held]).toBeUndefined();
});

test('members that are being written are not given out, and are judged once they all are', async () => {
  await stream.jobs();
  let meanwhile = async () => {};
  const { uses } = createUse({
    ...deps,
    released: releasedSet(stream.definitions),
    judge: async (asked) => {
      await meanwhile();
      const nothing = {
        needs_approval: false,
        findings: [],
        checked: { fields: 0, traits: [] },
        unchecked: [],
      };
      return asked.map(({ segment: name }) => ({ segment: name, ...nothing }));
    },
  });
  const { signal } = new AbortController();
  await uses.judge(signal);
  expect(await given('u2')).toContain('even');
  const written = await uses.withhold(['even']);
  expect(await given('u2')).not.toContain('even');
  await uses.judge(signal);
  expect(await given('u2')).not.toContain('even');
  written();
  // Written from beginning to end while the members of before are judged.
  meanwhile = async () => (await uses.withhold(['even']))();
  await uses.judge(signal);
  expect(await given('u2')).not.toContain('even');
  meanwhile = async () => {};
  await uses.judge(signal);
  expect(await given('u2')).toContain('even');
});
