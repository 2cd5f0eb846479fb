import { expect, test } from 'vitest';
import { absence } from './absence.ts';
import { predicateOf } from './index.ts';
import { sequence } from './sequence.ts';

test('time limits are said, not only windows', () => {
  const without = absence.schema.parse({
    predicate: 'absence',
    event: 'Product Added',
    without: { event: 'Order Completed' },
    within: { hours: 4 },
    window: { days: 7 },
  });
  expect(absence.describe(without)).toBe(
    'Product Added without Order Completed within 4 hours in the last 7 days',
  );
  const steps = sequence.schema.parse({
    predicate: 'sequence',
    steps: [{ event: 'Email Opened' }, { event: 'Product Viewed', within: { days: 3 } }],
  });
  expect(sequence.describe(steps)).toBe('Email Opened, then Product Viewed within 3 days');
});

/** The part in words, after the checks that a release makes. */
const words = (part: { readonly predicate: string }): string => {
  const predicate = predicateOf(part.predicate);
  if (predicate === undefined) throw new Error(part.predicate);
  return predicate.describe(predicate.schema.parse(part));
};

test.each([
  [{ predicate: 'trait', trait: 'spent', op: 'at_least', value: 150 }, 'spent is at least 150'],
  [{ predicate: 'trait', trait: 'plan', op: 'in', value: ['gold'] }, 'plan is "gold"'],
  [
    { predicate: 'trait', trait: 'n', op: 'in', value: [1, 2, 3, 4, 5, 6, 7] },
    'n is one of 1, 2, 3, 4, 5 and 2 more',
  ],
  [
    {
      predicate: 'count',
      event: 'Order Completed',
      where: [{ field: 'coupon', op: 'exists' }],
      at_least: 1,
      window: { days: 1 },
    },
    'Order Completed where coupon is known at least once in the last 1 day',
  ],
  [{ predicate: 'count', event: 'Order Completed', at_most: 0 }, 'Order Completed never'],
  [
    {
      predicate: 'aggregate',
      event: 'Order Completed',
      property: 'total',
      calc: 'sum',
      op: 'between',
      value: [1, 9],
    },
    'the sum of total of Order Completed is between 1 and 9',
  ],
  [
    { predicate: 'first_last', which: 'last', event: 'Order Completed', op: 'older_than_days', value: 45 },
    'last Order Completed is more than 45 days ago',
  ],
  [
    { predicate: 'session', measure: 'sessions', op: 'at_least', value: 5, window: { days: 14 } },
    'number of sessions is at least 5 in the last 14 days',
  ],
  [{ predicate: 'device', device_type: ['mobile', 'tablet'] }, 'device is one of "mobile", "tablet"'],
])('%o in words', (part, expected) => {
  expect(words(part)).toBe(expected);
});
