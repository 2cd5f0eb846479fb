import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { DAY_MS, fixedClock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import type { PersonId } from '../../kernel/ids.ts';
import { key64Of } from '../../kernel/key64.ts';
import { createRng } from '../../kernel/rng.ts';
import { param, type Sql, sql } from '../../kernel/sql.ts';
import type { PersonProfile, TraitSql } from '../../profile/contract.ts';
import type { NodeId, PersonDirectory } from '../../resolve/contract.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import { openEvents, PEOPLE, personOf, type StoredEvent } from '../fixture-events.ts';
import { addMembers } from '../fixture-members.ts';
import { askedFields } from './asked-fields.ts';
import { createValidate } from './index.ts';
import { SegmentSet, SegmentSetSummary, SetDecision } from './segment-set-output.ts';
import { createSensitivityJudge } from './sensitivity.service.ts';
import * as output from './validation-output.ts';

const NOW = Date.parse('2026-11-22T10:00:00.000Z');
const daysAgo = (days: number) => new Date(NOW - days * DAY_MS).toISOString();
const clock = fixedClock(NOW);
let warehouse: Warehouse;
let close: () => Promise<void>;
const OUTPUTS = {
  'segment-validation.list': output.ListComparison,
  'segment-validation.overlap': output.OverlapMatrix,
  'segment-validation.lift': output.Lift,
  'segment-validation.message-test': output.MessageTest,
  'segment-validation.retention': output.Retention,
  'segment-validation.exclusion': output.ExclusionCheck,
  'segment-validation.sensitivity': output.SensitivityReport,
  'segment-sets.list': z.object({ sets: z.array(SegmentSetSummary) }),
  'segment-sets.get': SegmentSet,
  'segment-sets.decide': SetDecision,
};
let ask: <K extends keyof typeof OUTPUTS>(
  operation: K,
  input: Record<string, unknown>,
  roles?: string[],
) => Promise<z.infer<(typeof OUTPUTS)[K]>>;

const users = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `u${from + i}`);
/** `person` of these users. */
const peopleSql = (names: readonly string[]): Sql => sql`
  SELECT ${key64Of(sql`concat('user_id:', user)`)} AS person FROM (SELECT arrayJoin(${param(names, 'Array(String)')}) AS user)`;

let held = '';
/** Trait of the first 240 users, and of everybody in `traitNames`. */
const traits: TraitSql = {
  traitQuery: (trait) => {
    const of = (value: Sql) => sql`
      SELECT ${key64Of(sql`concat('user_id:u', toString(number))`)} AS person, ${value} AS value FROM numbers(240)`;
    if (trait === 'household_income')
      return of(sql`toString(if(number < 120, 50000, 20000) + (number * 37) % 9000)`);
    if (trait === 'plan') return sql`SELECT person, '"gold"' AS value FROM (${peopleSql(users(0, 50))})`;
    if (trait === 'religion') return of(sql`if(number % 2 = 0, '"a"', '"b"')`);
    if (trait === '$country') return of(sql`if(number % 2 = 0, '"DE"', '"AT"')`);
    if (trait === '$device_type') return of(sql`'"mobile"'`);
    return undefined;
  },
  traitNames: async () =>
    ['household_income', 'religion', 'plan', 'health_score'].map((name) => ({
      name,
      types: ['string'],
      people: 240,
    })),
};
const BODIES: Readonly<Record<string, unknown>> = {
  big: { all: [{ predicate: 'trait', trait: 'plan' }] },
  empty: { trait: 'diagnosis.code', path: 'secret' },
};
const directory: PersonDirectory = {
  nodesOf: async (people) => people.map((p) => [p as string as NodeId]),
  personsOf: async (nodes) => nodes.map((n) => n as string as PersonId),
  identifiersOf: async (people) => people.map(() => []),
  find: async ({ type, value }) =>
    type === 'user_id' && /^u\d+$/.test(value)
      ? { node: personOf(value) as NodeId, person: personOf(value) as PersonId }
      : undefined,
};

beforeAll(async () => {
  const opened = await openEvents();
  ({ warehouse, close } = opened);
  const rng = createRng(4);
  const events: StoredEvent[] = users(0, 300).flatMap((user, i) => {
    const member = i < 100;
    const bought = rng.next() < (member ? 0.6 : 0.2);
    return [
      { user, at: daysAgo(80), event: 'Looked' },
      { user, at: daysAgo(60), event: 'Looked' },
      // The first fifty come back every week; the next fifty not since 40 days.
      ...(i < 50
        ? [0, 1, 2, 3, 4].map((week) => ({ user, at: daysAgo(34 - 7 * week), event: 'Looked' }))
        : []),
      { user, at: daysAgo(40), event: 'Shown', properties: { variant: i % 2 === 0 ? 'a' : 'b' } },
      ...(bought
        ? [
            {
              user,
              at: daysAgo(i < 50 ? 20 : 39),
              event: 'Order Completed',
              properties: { revenue: 10, order_id: `o${i}` },
            },
          ]
        : []),
    ];
  });
  await opened.store(events);
  const [early_ms, late_ms] = [NOW - 50 * DAY_MS, NOW - 10 * DAY_MS];
  await addMembers(warehouse, 'big', peopleSql(users(0, 100)), early_ms);
  await addMembers(warehouse, 'half', peopleSql(users(0, 50)), early_ms);
  await addMembers(warehouse, 'big', peopleSql(users(0, 104)), late_ms);
  await addMembers(warehouse, 'odd', peopleSql([...users(90, 110)]), late_ms);

  const part = createValidate({
    warehouse,
    clock,
    sql: PEOPLE,
    traits,
    directory,
    definitions: {
      current: (kind) =>
        kind === 'segment-precedence'
          ? [
              {
                kind,
                name: 'levels',
                version: 3,
                body: {
                  members: [{ segment: 'odd' }, { segment: 'big' }, { segment: 'half', within: 'big' }],
                  cold_start: [{ segment: 'germans', country: ['DE'] }],
                },
              },
            ]
          : [],
      release: () => 1,
      onRelease: () => {},
    },
    profiles: {
      profilesOf: async (people) =>
        people.map(
          (person): PersonProfile => ({
            person,
            nodes: [],
            names: () => [],
            isPending: () => false,
            read: () => ({ value: 'DE', at_ms: 0, until_ms: 9e15, source_id: 's' }),
          }),
        ),
    },
    allow: (actor) =>
      actor.roles.includes('editor')
        ? { allowed: true }
        : { allowed: false, reason: 'Only editors see people.' },
    explain: async (segment, people) => {
      if (segment === 'half') throw new AppError('not_found', { message: 'no rule' });
      return people.map((person) => ({
        person,
        parts: [
          { place: 'all[0]', predicate: 'count', description: 'bought twice', is: false },
          {
            place: 'all[1]',
            predicate: 'geography',
            description: 'lives in DE',
            is: person !== personOf('u200'),
          },
        ],
      }));
    },
    exists: async (segment) => ['big', 'half', 'odd', 'empty'].includes(segment) || segment.startsWith('bit'),
    fieldsOf: async (segment) =>
      segment in BODIES ? askedFields(BODIES[segment], (name) => BODIES[name]) : undefined,
    isGivenOut: async () => (segment) => segment !== held,
    judge: createSensitivityJudge({ warehouse, clock, traits, sensitiveFields: () => ['trait:secret'] }),
  });
  ask = async (name, input, roles = ['editor']) => {
    const operation = part.operations.find((o) => o.name === name);
    if (operation === undefined) throw new Error(`no operation ${name}`);
    const actor = { id: 'u', name: 'Ada', kind: 'user' as const, roles };
    const answer = await operation.handle(operation.input.parse(input), { actor, request_id: 'r' });
    return OUTPUTS[name].parse(operation.output.parse(answer)) as never;
  };
});
afterAll(() => close());

describe('a list', () => {
  const lines = [...users(0, 80), 'u200', 'u201'].map((u) => `user_id:${u}`).join('\n');
  test('precision, recall, who is missing and why', async () => {
    const found = await ask('segment-validation.list', {
      name: 'big',
      lines: `${lines}\nuser_id:u0\nemail:a@b.c\nnonsense\n\n`,
    });
    expect(found).toMatchObject({
      lines: {
        given: 85,
        known: 83,
        unknown: 1,
        rejected: [{ line: 85, reason: expect.stringContaining('no colon') }],
        duplicates: 1,
      },
      people_listed: 82,
      people_in_segment: 104,
      people_in_both: 80,
      precision: { value: 80 / 104 },
      recall: { value: 80 / 82 },
      recall_with_unknown: { value: 80 / 83 },
      missing: {
        people: 2,
        explained: 2,
        why: [
          { path: 'all[0]', predicate: 'bought twice', people: 2 },
          { path: 'all[1]', people: 1 },
        ],
      },
      extra: { people: 24 },
      withheld: null,
    });
    expect((found.missing.sample ?? []).map((s) => s.identifier).sort()).toEqual([
      'user_id:u200',
      'user_id:u201',
    ]);
    expect(found.extra.sample?.[0]?.why).toEqual([{ path: 'all[1]', predicate: 'lives in DE' }]);
  });
  test('without access to people only numbers; without a rule no reasons; refusals name the field', async () => {
    const found = await ask('segment-validation.list', { name: 'half', lines }, ['viewer']);
    expect(found).toMatchObject({
      missing: { people: 32, why: null, sample: null },
      extra: { people: 0, sample: null },
      withheld: 'Only editors see people.',
    });
    await expect(ask('segment-validation.list', { name: 'none', lines })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(
      ask('segment-validation.list', { name: 'big', lines: 'a:b\n'.repeat(10_001) }),
    ).rejects.toMatchObject({ code: 'invalid_input', details: { field: 'lines' } });
    const none = await ask('segment-validation.list', { name: 'empty', lines: 'user_id:nobody' });
    expect(none).toMatchObject({ precision: { value: null, low: 0, high: 1 }, recall: { value: null } });
  });
});

describe('what members do', () => {
  test('overlap', async () => {
    const { segments, pairs } = await ask('segment-validation.overlap', {
      segments: ['big', 'half', 'odd', 'empty'],
    });
    expect(segments).toEqual([
      { segment: 'big', people: 104 },
      { segment: 'half', people: 50 },
      { segment: 'odd', people: 20 },
      { segment: 'empty', people: 0 },
    ]);
    expect(pairs.map((p) => p.both)).toEqual([50, 14, 0, 0, 0, 0]);
    expect(pairs[0]).toMatchObject({ jaccard: 50 / 104, words: '`half` lies inside `big`' });
  });
  test('overlap counts everybody, however many combinations there are', async () => {
    const bits = Array.from({ length: 14 }, (_, bit) => bit);
    for (const bit of bits) {
      const people = sql`SELECT number AS person FROM numbers(16384) WHERE bitTest(number, ${bit})`;
      await addMembers(warehouse, `bit${bit}`, people, NOW);
    }
    const { segments, pairs } = await ask('segment-validation.overlap', {
      segments: bits.map((bit) => `bit${bit}`),
    });
    expect(new Set(segments.map((s) => s.people))).toEqual(new Set([8_192]));
    expect(new Set(pairs.map((p) => p.both))).toEqual(new Set([4_096]));
  });
  test('lift, without those who came during the window', async () => {
    const found = await ask('segment-validation.lift', { name: 'big', event: 'Order Completed', days: '45' });
    expect(found).toMatchObject({
      inside: { people: 100 },
      outside: { people: 196 },
      left_out: 4,
      distinct: 'higher',
    });
    expect(found.ratio.value).toBeGreaterThan(2);
    expect(await ask('segment-validation.lift', { name: 'empty', event: 'Looked' })).toMatchObject({
      difference: { value: null },
      distinct: 'no difference shown',
    });
  });
  test('retention counts whole weeks after entry only', async () => {
    const { cohorts, total } = await ask('segment-validation.retention', { name: 'half', weeks: 10 });
    const [cohort] = cohorts;
    expect(cohort).toMatchObject({ week: '2026-09-28', people: 50 });
    expect(cohort?.weeks.map((w) => w.active)).toEqual([0, 50, 50, 50, 50, 50]);
    expect(total.length).toBe(6);
  });
  test('exclusion: revenue, forecast (not stretched from 80 days to 90), and who is away briefly', async () => {
    const found = await ask('segment-validation.exclusion', { name: 'big', inactive_days: 30 });
    expect(found).toMatchObject({ people: 104, verdict: 'drops value' });
    expect(found.revenue).toBe(10 * found.buyers);
    expect(found.inactive).toBeGreaterThanOrEqual(50);
    expect(found.briefly_inactive).toBeGreaterThan(0);
    expect(found).toMatchObject({ expected: { value: found.revenue }, short_history: found.buyers });
    expect(found.expected.low < found.revenue && found.revenue < found.expected.high).toBe(true);
    expect(await ask('segment-validation.exclusion', { name: 'odd' })).toMatchObject({
      verdict: 'too few to say',
    });
  });
  test('a message test says which variant, and whether the parts agree', async () => {
    const test_input = {
      name: 'big',
      exposure: 'Shown',
      conversion: 'Order Completed',
      days: 30,
      window_days: 90,
    };
    const found = await ask('segment-validation.message-test', test_input);
    expect(found).toMatchObject({ pure: null, parts: [{ part: 'everybody', people: 104 }] });
    const split = await ask('segment-validation.message-test', { ...test_input, split_by: '$country' });
    expect(split.parts.map((p) => p.part)).toEqual(['AT', 'DE']);
    const some = await ask('segment-validation.message-test', { ...test_input, split_by: 'plan' });
    expect(some.parts.map((p) => [p.part, p.people])).toEqual([
      ['gold', 50],
      ['unknown', 54],
    ]);
    await expect(
      ask('segment-validation.message-test', { ...test_input, split_by: 'unknown' }),
    ).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

describe('the guard', () => {
  test('finds what is given away, and says what it could not check', async () => {
    const found = await ask('segment-validation.sensitivity', { name: 'big' });
    expect(found).toMatchObject({
      needs_approval: true,
      findings: [{ kind: 'predicts', field: 'household_income', about: 'income and debt', measure: 'auc' }],
      checked: { traits: ['household_income', 'religion'] },
      unchecked: [{ trait: 'health_score' }],
    });
    expect(found.findings[0]?.reason).toMatch(/^needs approval because membership tells `household_income`/);
  });
  test('says nothing of a segment that is not there', async () => {
    await expect(ask('segment-validation.sensitivity', { name: 'none' })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
  test('finds what is used, by name and by catalogue', async () => {
    const { findings } = await ask('segment-validation.sensitivity', { name: 'empty' });
    expect(findings.map((f) => [f.kind, f.field, f.about])).toEqual([
      ['uses', 'diagnosis.code', 'health'],
      ['uses', 'secret', 'a sensitive field'],
    ]);
  });
});

describe('a set', () => {
  test('sizes before and after, and fallbacks', async () => {
    expect(await ask('segment-sets.list', {})).toEqual({
      sets: [
        { name: 'levels', description: '', policy: 'priority', members: ['odd', 'big', 'half'], version: 3 },
      ],
    });
    const found = await ask('segment-sets.get', { name: 'levels' });
    expect(found.members_now.map((m) => [m.segment, m.before, m.after])).toEqual([
      ['odd', 20, 20],
      ['big', 104, 40],
      ['half', 50, 50],
    ]);
    expect(found).toMatchObject({ people: 110, conflicts: 64, none: 0, uncaught: 0 });
    expect(found.cold_start).toEqual([{ segment: 'germans', people: 0, share: 0 }]);
  });
  test('one person, and a newcomer', async () => {
    expect(await ask('segment-sets.decide', { name: 'levels', person: personOf('u3') })).toMatchObject({
      segment: 'half',
      path: ['big', 'half'],
      by: 'only_member',
    });
    expect(
      await ask('segment-sets.decide', { name: 'levels', identifier: { type: 'user_id', value: 'u95' } }),
    ).toMatchObject({ segment: 'odd', by: 'priority' });
    expect(await ask('segment-sets.decide', { name: 'levels', person: personOf('u250') })).toMatchObject({
      segment: 'germans',
      by: 'cold_start',
    });
    expect(await ask('segment-sets.decide', { name: 'levels', facts: { country: 'AT' } })).toMatchObject({
      segment: null,
      by: 'nothing',
      person: null,
    });
    held = 'odd';
    expect(await ask('segment-sets.decide', { name: 'levels', person: personOf('u95') })).toMatchObject({
      segment: 'big',
      held: ['odd'],
    });
    held = '';
    await expect(ask('segment-sets.get', { name: 'other' })).rejects.toMatchObject({ code: 'not_found' });
  });
});
