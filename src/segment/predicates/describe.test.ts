import { expect, test } from 'vitest';
import { absence } from './absence.ts';
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
