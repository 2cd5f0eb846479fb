import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../../kernel/sql.ts';
import { personOf } from '../fixture-events.ts';
import { addMembers } from '../fixture-members.ts';
import { NOW, openValidation, users, type ValidationFixture } from './fixture-validate.ts';

let fixture: ValidationFixture;
let ask: ValidationFixture['ask'];

beforeAll(async () => {
  fixture = await openValidation();
  ({ ask } = fixture);
});
afterAll(() => fixture.close());

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
          { path: 'any[1].not', predicate: 'has lives in DE', people: 1 },
          { path: 'exclude_bots', people: 1 },
        ],
        holds_now: 0,
      },
      extra: { people: 24 },
    });
    expect(found.missing.sample.map((s) => s.identifier).sort()).toEqual(['user_id:u200', 'user_id:u201']);
    expect(found.extra.sample[0]?.why).toEqual([{ path: 'any[1].not', predicate: 'not: lives in DE' }]);
  });
  test('is for those who may see people: one line would tell of one person', async () => {
    const asked = ask('segment-validation.list', { name: 'big', lines: 'user_id:u1' }, ['viewer']);
    await expect(asked).rejects.toMatchObject({ code: 'forbidden' });
  });
  test('without a rule no reasons; refusals name the field; the rule may take people already', async () => {
    const found = await ask('segment-validation.list', { name: 'half', lines });
    expect(found).toMatchObject({ missing: { people: 32, why: null }, extra: { people: 0, sample: [] } });
    const soon = await ask('segment-validation.list', { name: 'odd', lines: 'user_id:u0' });
    expect(soon.missing).toMatchObject({ people: 1, why: [], holds_now: 1, sample: [{ why: [] }] });
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
      await addMembers(fixture.warehouse, `bit${bit}`, people, NOW);
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
    expect(found.revenue).toBe(10 * Number(found.buyers));
    expect(found.inactive).toBeGreaterThanOrEqual(50);
    expect(found.briefly_inactive).toBeGreaterThan(0);
    expect(found).toMatchObject({ expected: { value: found.revenue }, short_history: found.buyers });
    const revenue = Number(found.revenue);
    expect(found.expected.low < revenue && revenue < found.expected.high).toBe(true);
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
    fixture.hold('odd');
    expect(await ask('segment-sets.decide', { name: 'levels', person: personOf('u95') })).toMatchObject({
      segment: 'big',
      held: ['odd'],
    });
    fixture.hold('');
    await expect(ask('segment-sets.get', { name: 'other' })).rejects.toMatchObject({ code: 'not_found' });
  });
});
