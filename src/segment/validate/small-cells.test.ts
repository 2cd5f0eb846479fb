/** What viewers, who see no people, are told of few of them; and names that nobody ever sent. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addMembers } from '../fixture-members.ts';
import { NOW, openValidation, peopleSql, users, type ValidationFixture } from './fixture-validate.ts';

let fixture: ValidationFixture;
let ask: ValidationFixture['ask'];
const viewer = ['viewer'];
const NOTHING = { people: null, converted: null, rate: { value: null, low: 0, high: 1 } };
const message_test = {
  name: 'big',
  exposure: 'Shown',
  conversion: 'Order Completed',
  days: 30,
  window_days: 90,
};

beforeAll(async () => {
  fixture = await openValidation();
  ({ ask } = fixture);
  const [early_ms, late_ms] = [NOW - 50 * 86_400_000, NOW - 86_400_000];
  await addMembers(fixture.warehouse, 'bit-one', peopleSql(['u3']), early_ms);
  await addMembers(fixture.warehouse, 'bit-few', peopleSql(users(95, 104)), early_ms);
  await addMembers(fixture.warehouse, 'bit-new', peopleSql(users(0, 40)), late_ms);
});
afterAll(() => fixture.close());

describe('who sees no people', () => {
  test('is not told of fewer than ten in both of two segments, nor that there are none', async () => {
    const segments = ['big', 'odd', 'bit-few', 'half'];
    const seen = await ask('segment-validation.overlap', { segments });
    expect(seen.pairs.map(({ both }) => both)).toEqual([14, 9, 50, 9, 0, 0]);
    const told = await ask('segment-validation.overlap', { segments }, viewer);
    expect(told.pairs.map(({ both }) => both)).toEqual([14, null, 50, null, null, null]);
    expect(told.pairs[1]).toMatchObject({
      ...{ jaccard: null, share_of_a: null, share_of_b: null },
      words: 'fewer than 10 people are in both',
    });
  });
  test('is not told what few members did, and no interval that could tell it', async () => {
    const asked = { name: 'bit-one', event: 'Order Completed', days: '45' };
    expect(await ask('segment-validation.lift', asked)).toMatchObject({ inside: { people: 1 } });
    expect(await ask('segment-validation.lift', asked, viewer)).toMatchObject({
      inside: NOTHING,
      difference: { value: null },
      ratio: { value: null },
      distinct: 'withheld',
    });
    const many = { name: 'big', event: 'Order Completed', days: '45' };
    const [seen, told] = [
      await ask('segment-validation.lift', many),
      await ask('segment-validation.lift', many, viewer),
    ];
    expect(told).toEqual({ ...seen, left_out: null });
  });
  test('is told of variants and parts of ten people on; others are one', async () => {
    const by_person = { ...message_test, exposure: 'Order Completed', variant: 'order_id' };
    const single = await ask('segment-validation.message-test', by_person);
    expect(single.variants.map(({ variant }) => variant)).toEqual(['(others)']);
    const few = await ask('segment-validation.message-test', { ...message_test, name: 'bit-few' }, viewer);
    expect(few.variants.map(({ variant, inside }) => [variant, inside])).toEqual([
      ['a', NOTHING],
      ['b', NOTHING],
    ]);
    expect(few).toMatchObject({ parts: [{ people: null, lead: { value: null } }] });
    const split = { ...message_test, split_by: 'household_income' };
    const parts = (await ask('segment-validation.message-test', split)).parts;
    expect(parts).toEqual([expect.objectContaining({ part: '(others)', people: 104 })]);
  });
  test('is told of no cohort of fewer than ten', async () => {
    const asked = { name: 'bit-few', weeks: 10 };
    expect((await ask('segment-validation.retention', asked)).cohorts).toMatchObject([{ people: 9 }]);
    expect(await ask('segment-validation.retention', asked, viewer)).toMatchObject({
      ...{ cohorts: [], total: [], cohorts_left_out: 1 },
    });
    const half = await ask('segment-validation.retention', { name: 'half', weeks: 10 }, viewer);
    expect(half.total.map(({ active, rate }) => [active, rate.value])).toEqual([
      [null, null],
      ...[1, 2, 3, 4, 5].map(() => [50, 1]),
    ]);
    expect(half.total[0]?.rate.high).toBeCloseTo(0.308, 2);
  });
  test('is not told what few people brought', async () => {
    const told = await ask('segment-validation.exclusion', { name: 'bit-few' }, viewer);
    expect(told).toMatchObject({
      ...{ buyers: null, revenue: null, revenue_share: null, expected: { value: null } },
      ...{ inactive: null, briefly_inactive: null, briefly_inactive_revenue: null },
    });
    expect(told.words).not.toMatch(/\d %/);
  });
  test('sees no small number in a set', async () => {
    const seen = await ask('segment-sets.get', { name: 'levels' });
    expect(seen).toMatchObject({ none: 0, uncaught: 0, seen_days: 30, overlaps_left_out: 0 });
    const told = await ask('segment-sets.get', { name: 'levels' }, viewer);
    expect(told).toMatchObject({
      ...{ people: 110, conflicts: 64, none: null, uncaught: null },
      cold_start: [{ segment: 'germans', people: null, share: null }],
      overlaps: [{ people: 50 }, { people: 14 }],
    });
  });
});

describe('a name that nobody ever sent is refused by its field, with help', () => {
  test.each<[string, Parameters<ValidationFixture['ask']>[0], object, string]>([
    [
      'order_event',
      'segment-validation.exclusion',
      { order_event: 'Order Complete' },
      'did you mean Order Completed?',
    ],
    ['revenue', 'segment-validation.exclusion', { revenue: 'revenues' }, 'did you mean revenue?'],
    [
      'refund_event',
      'segment-validation.exclusion',
      { refund_event: 'Nope' },
      'Nobody has ever sent the event Nope',
    ],
    ['event', 'segment-validation.lift', { event: 'Nope' }, 'Nope'],
    ['event', 'segment-validation.retention', { event: 'Nope' }, 'Nope'],
    ['exposure', 'segment-validation.message-test', { ...message_test, exposure: 'Nope' }, 'Nope'],
    ['conversion', 'segment-validation.message-test', { ...message_test, conversion: 'Nope' }, 'Nope'],
    [
      'split_by',
      'segment-validation.message-test',
      { ...message_test, split_by: 'plann' },
      'did you mean plan?',
    ],
  ])('%s', async (field, operation, input, message) => {
    await expect(ask(operation, { name: 'big', ...input })).rejects.toMatchObject({
      code: 'invalid_input',
      details: { field, message: expect.stringContaining(message) },
    });
  });
  test('what was sent is known, though the catalogue has not seen it yet', async () => {
    const asked = { name: 'big', order_event: 'Order Completed', revenue: 'order_id' };
    expect(await ask('segment-validation.exclusion', asked)).toMatchObject({ verdict: 'nothing known' });
  });
});

test('who all came in during the time looked at cannot be compared yet', async () => {
  const found = await ask('segment-validation.lift', { name: 'bit-new', event: 'Looked' });
  expect(found).toMatchObject({ distinct: 'no data yet', left_out: 40 });
  expect(found.words).toMatch(/^No data yet: all 40 members came in during this time/);
});

test('a segment that asks for the outcome says so', async () => {
  const { warnings } = await ask('segment-validation.message-test', message_test);
  expect(warnings).toEqual([]);
  const own = await ask('segment-validation.message-test', { ...message_test, name: 'odd' });
  expect(own.warnings).toEqual([expect.stringContaining('asks for `Order Completed` itself')]);
});
