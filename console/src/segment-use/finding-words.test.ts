import { expect, test } from 'vitest';
import type { UseFinding } from '../api/segment-use.ts';
import { findingWords } from './finding-words.ts';

const finding = (changes: Partial<UseFinding>): UseFinding => ({
  kind: 'predicts',
  field: 'household_income',
  about: 'income and debt',
  measure: 'auc',
  strength: { low: 0.78, value: 0.85, high: 0.92 },
  reason: 'needs approval because membership tells it',
  covered: false,
  ...changes,
});

test('a measure is said in cases, with its interval', () => {
  expect(findingWords(finding({}))).toBe(
    'Who is in it gives away household_income (income and debt): of a member and somebody else, the member has the higher value in 85 of 100 cases (95 % interval 78 to 92; by chance it would be 50).',
  );
  expect(findingWords(finding({ strength: { low: 0.08, value: 0.15, high: 0.22 } }))).toContain(
    'the lower value in 85 of 100 cases (95 % interval 78 to 92;',
  );
  expect(
    findingWords(finding({ measure: 'cramers_v', strength: { low: 0.38, value: 0.45, high: 0.52 } })),
  ).toContain('the association is 0.45 (95 % interval 0.38 to 0.52)');
});

test('what is used is said as it is', () => {
  const reason =
    'needs approval because the segment `rich`, which it asks for, uses `income`, whose name is about income and debt.';
  expect(findingWords(finding({ kind: 'uses', measure: null, strength: null, reason }))).toBe(
    'The segment rich, which it asks for, uses income, whose name is about income and debt.',
  );
  expect(
    findingWords(
      finding({ kind: 'uses', strength: null, reason: 'needs approval because it uses `income`.' }),
    ),
  ).toBe('It uses income.');
});
