/** Discovered segments are asked like those of rules. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { controlScriptOf } from '../../kernel/fixture-tables.ts';
import { silentLogger } from '../../kernel/logger.ts';
import type { Operation } from '../../kernel/operation.ts';
import { openControlDb } from '../../stores/control/open.ts';
import type { ControlDb } from '../../stores/control/port.ts';
import { SEGMENTATION_ASSIGNMENTS } from '../discover/feature-store.sql.ts';
import { createRunStore, type RunResult } from '../discover/run-store.service.ts';
import {
  iso,
  logged,
  NOW_MS,
  openSegmentFixture,
  type SegmentFixture,
  testPeople,
  testTraits,
} from '../fixture.ts';
import { identifierAt, keyOf } from '../fixture-memberships.ts';
import { runsAtOnce } from '../fixture-runs.ts';
import { openTestStream, type TestStream } from '../fixture-stream.ts';
import { createSegment } from '../index.ts';
import { digitsOf } from '../stream/changes.ts';

let fixture: SegmentFixture;
let control: ControlDb;
let stream: TestStream;
let judgeUse: () => Promise<void>;
let operations: readonly Operation[];
const folder = mkdtempSync(join(tmpdir(), 'discovered-'));

const cluster = (key: string, title: string, people: number): RunResult['clusters'][number] => ({
  ...{ key, title, segment: `value/${key}`, people, share: people / 3 },
  ...{ stability: 0.9, stable: true, silhouette: 0.5, kept_from: null, overlap_before: null },
  summary: `${people} people who order.`,
  traits: [{ feature: 'orders', mean: 8, overall_mean: 2, difference: 2, words: 'orders: 8' }],
});
const run: RunResult = {
  ...{ id: 'r1', segmentation: 'value', definition_version: 4, release: 1, method: 'kmeans', seed: 1 },
  ...{ at: iso(NOW_MS), window: { from: iso(0), to: iso(NOW_MS) }, people: 3, sampled: 3, unassigned: 0 },
  ...{
    trigger: 'manual',
    candidates: [],
    features: [],
    rfm: null,
    grid: null,
    picture: null,
    warnings: ['Few people.'],
  },
  clusters: [cluster('regulars', 'Regulars', 2), cluster('rare', 'Seldom here', 1)],
};

beforeAll(async () => {
  fixture = await openSegmentFixture();
  control = await openControlDb(`sqlite:${join(folder, 'control.db')}`, { logger: silentLogger });
  await control.script(controlScriptOf('segment'));
  stream = openTestStream(fixture, identifierAt);
  const rule = { predicate: 'segment', segment: 'value/regulars' };
  stream.release([
    {
      kind: 'segment',
      name: 'good',
      version: 1,
      body: { label: 'Good', owner: 'x', purpose: 'x', rule, refresh: { every: 'manual' } },
    },
    {
      kind: 'segmentation',
      name: 'value',
      version: 4,
      body: { method: 'rfm', owner: 'ada', purpose: 'letters' },
    },
  ]);
  const users = ['u1', 'u2', 'u3'];
  await stream.feed(users.map((user_id, i) => ({ position: i + 1, event: logged({ user_id }) })));
  await createRunStore(control).save(run, {
    model: undefined as never,
    keys: ['regulars', 'rare'],
    names: [],
    bins: [],
  });
  const place = { segmentation: 'value', run: 'r1' };
  await fixture.warehouse.insert(
    SEGMENTATION_ASSIGNMENTS,
    users.map((user, i) =>
      JSON.stringify({ ...place, person: digitsOf(keyOf(user)), cluster: i < 2 ? 0 : 1 }),
    ),
  );
  const { stage } = createSegment({
    ...fixture,
    control,
    logger: silentLogger,
    definitions: stream.definitions,
    runs: runsAtOnce(),
    allow: () => ({ allowed: true }),
    reviews: { versionOf: async () => undefined, refusal: () => undefined },
    audit: { record: async () => {} },
    directory: stream.directory,
    profiles: stream.reader,
    sql: testPeople,
    traits: testTraits,
    commands: stream.work.commands,
    sensitiveFields: () => [],
  });
  operations = stage.operations;
  judgeUse = async () => {
    for (const job of stage.jobs)
      if (job.name === 'segment.judge-use') await job.run({ signal: new AbortController().signal });
  };
}, 60_000);
afterAll(async () => {
  await fixture.close();
  await control.close();
  rmSync(folder, { recursive: true });
});

async function ask(name: string, input: object = {}) {
  const operation = operations.find((one) => one.name === name);
  if (operation === undefined) throw new Error(`no operation ${name}`);
  const actor = { id: 'ann', name: 'Ann', kind: 'user' as const, roles: ['editor'] };
  const answer = await operation.handle(operation.input.parse(input), { actor, request_id: 'r' });
  return operation.output.parse(answer) as Record<string, unknown>;
}
const regulars = { name: 'value/regulars' };

test('until everybody was put in it is being worked out, without a size', async () => {
  expect((await ask('segments.list'))['discovered']).toMatchObject([
    { name: 'value/regulars', label: 'Regulars', state: 'building', people: null, refreshed_at: null },
    { name: 'value/rare', label: 'Seldom here', state: 'building', people: null },
  ]);
});

test('it has a size, changes, what its people are like, and who rests on it', async () => {
  await stream.work.commands.assign({
    ...{ segmentation: 'value', run: 'r1', version: 4, fingerprint: 'f' },
    segments: [
      { name: 'value/regulars', label: 'Regulars', cluster: 0 },
      { name: 'value/rare', label: 'Seldom here', cluster: 1 },
    ],
  });
  await stream.jobs();
  await createRunStore(control).rename('value', 'regulars', 'Our regulars');
  expect(await ask('segments.show', regulars)).toMatchObject({
    kind: 'discovered',
    label: 'Our regulars',
    description: '2 people who order.',
    segmentation: 'value',
    owner: 'ada',
    purpose: 'letters',
    version: 4,
    state: 'live',
    people: 2,
    entered_7d: 0,
    exited_7d: 0,
    refreshed_at: iso(NOW_MS),
    run: { id: 'r1', people: 3, warnings: ['Few people.'] },
    cluster: { key: 'regulars', stability: 0.9, traits: [{ feature: 'orders' }] },
    used_by: ['good'],
  });
  expect(await ask('segments.show', { name: 'good' })).toMatchObject({ kind: 'rule', people: 2 });
});

test('its people, its days, its export and what it shares with others are those that are kept', async () => {
  const { members } = await ask('segments.members', regulars);
  expect((members as { identifiers: string[] }[]).flatMap((one) => one.identifiers).sort()).toEqual([
    'user_id:u1',
    'user_id:u2',
  ]);
  expect((await ask('segments.trend', { ...regulars, days: 1 }))['days']).toMatchObject([
    { people: 2, entered: 0, exited: 0 },
  ]);
  await expect(ask('segments.export', regulars)).rejects.toMatchObject({ code: 'not_ready' });
  await judgeUse();
  expect(await ask('segments.export', regulars)).toMatchObject({ rows: 2 });
  expect((await ask('segments.overlap', regulars))['segments']).toEqual([
    { segment: 'good', label: 'Good', people: 2, both: 2 },
    { segment: 'value/rare', label: 'Seldom here', people: 1, both: 0 },
  ]);
  expect((await ask('segments.overlap', { name: 'good' }))['segments']).toMatchObject([
    { segment: 'value/regulars', label: 'Our regulars', both: 2 },
    { segment: 'value/rare', both: 0 },
  ]);
  expect((await ask('segment-rules.fields'))['segments']).toEqual([
    { name: 'good', label: 'Good' },
    { name: 'value/regulars', label: 'Our regulars' },
    { name: 'value/rare', label: 'Seldom here' },
  ]);
});

test('a cluster that is not there now is not found', async () => {
  for (const name of ['value/lost', 'other/regulars'])
    for (const operation of ['show', 'members', 'trend', 'export', 'overlap'])
      await expect(ask(`segments.${operation}`, { name })).rejects.toMatchObject({ code: 'not_found' });
});
