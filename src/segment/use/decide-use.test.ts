import { expect, test } from 'vitest';
import type { SensitivityFinding } from '../validate/judge-sensitivity.ts';
import { decideUse, type Judgement, type Subject } from './decide-use.ts';

const subject: Subject = {
  segment: 's',
  definition: { kind: 'segment', name: 's', version: 1 },
  basis: 'rule 1',
  work: '7',
  declared_fields: [],
};
const predicts = (
  field: string,
  measure: 'auc' | 'cramers_v',
  [low, value, high]: readonly [number, number, number],
): SensitivityFinding => ({
  kind: 'predicts',
  field,
  about: 'health',
  measure,
  strength: { low, value, high },
  reason: `needs approval because membership tells \`${field}\``,
});
const uses = (field: string): SensitivityFinding => ({
  kind: 'uses',
  field,
  about: 'health',
  measure: null,
  strength: null,
  reason: `needs approval because it uses \`${field}\``,
});
const judged = (...findings: SensitivityFinding[]): Judgement => ({
  segment: 's',
  basis: 'rule 1',
  work: '7',
  marks: '',
  judged_at: '2026-11-22T10:00:00.000Z',
  findings,
  checked: { fields: 1, traits: [] },
  unchecked: [],
});

test('nothing is given out before it was worked out and judged under its rule', () => {
  expect(decideUse(subject, undefined, []).state).toBe('pending');
  expect(decideUse({ ...subject, work: undefined }, judged(), []).state).toBe('pending');
  expect(decideUse({ ...subject, basis: 'rule 2' }, judged(), []).state).toBe('pending');
  expect(decideUse(subject, judged(), []).state).toBe('free');
});

test('what its release declared covers the same fields, used or told, and no others', () => {
  const declared = { ...subject, declared_fields: ['bmi'] };
  const [own, told] = [uses('bmi'), predicts('bmi', 'auc', [0.9, 0.95, 0.99])];
  expect(decideUse(declared, judged(own, told), []).state).toBe('approved');
  const other = predicts('religion', 'cramers_v', [0.4, 0.5, 0.6]);
  expect(decideUse(declared, judged(own, told, other), [])).toEqual({ state: 'held', open: [other] });
});

test.each([
  ['the same', 'auc', [0.72, 0.78, 0.84], 'approved'],
  ['weaker', 'auc', [0.7, 0.72, 0.74], 'approved'],
  ['a little stronger', 'auc', [0.8, 0.81, 0.82], 'approved'],
  ['stronger, perhaps', 'auc', [0.76, 0.92, 0.99], 'approved'],
  ['stronger, shown', 'auc', [0.84, 0.9, 0.96], 'held'],
  ['the other way round', 'auc', [0.16, 0.22, 0.28], 'held'],
  ['measured otherwise', 'cramers_v', [0.3, 0.31, 0.32], 'held'],
] as const)('an approval of .78 and one that is %s: %s %j is %s', (_, measure, strength, state) => {
  const approval = { basis: 'rule 1', findings: [predicts('bmi', 'auc', [0.72, 0.78, 0.84])] };
  expect(decideUse(subject, judged(predicts('bmi', measure, strength)), [approval]).state).toBe(state);
});

test('below one half it is stronger further below; Cramér’s V further above', () => {
  const low = { basis: 'rule 1', findings: [predicts('bmi', 'auc', [0.2, 0.25, 0.29])] };
  const at = (...strength: [number, number, number]) => judged(predicts('bmi', 'auc', strength));
  expect(decideUse(subject, at(0.1, 0.15, 0.19), [low]).state).toBe('held');
  expect(decideUse(subject, at(0.15, 0.2, 0.25), [low]).state).toBe('approved');
  const v = { basis: 'rule 1', findings: [predicts('bmi', 'cramers_v', [0.3, 0.4, 0.5])] };
  const now = (...strength: [number, number, number]) => judged(predicts('bmi', 'cramers_v', strength));
  expect(decideUse(subject, now(0.44, 0.5, 0.56), [v]).state).toBe('approved');
  expect(decideUse(subject, now(0.46, 0.5, 0.56), [v]).state).toBe('held');
});

test('an approval is of one rule; of what is told it does not cover that it is used', () => {
  const told = predicts('bmi', 'auc', [0.72, 0.78, 0.84]);
  expect(decideUse(subject, judged(told), [{ basis: 'rule 0', findings: [told] }]).state).toBe('held');
  expect(decideUse(subject, judged(uses('bmi')), [{ basis: 'rule 1', findings: [told] }]).state).toBe('held');
  const other = { basis: 'rule 2', findings: [] };
  expect(decideUse(subject, judged(told), [other, { basis: 'rule 1', findings: [told] }]).state).toBe(
    'approved',
  );
  const used = { basis: 'rule 1', findings: [uses('bmi')] };
  expect(decideUse(subject, judged(uses('bmi'), told), [used]).state).toBe('approved');
});
