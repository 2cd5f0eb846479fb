import { expect, test } from 'vitest';
import { createRng } from '../../kernel/rng.ts';
import { binned, type CountedValue } from './fixture-bins.ts';
import { predictedFinding } from './judge-sensitivity.ts';
import { judgeTrait } from './sensitivity.service.ts';

const judged = (trait: string, rows: readonly CountedValue[]) => predictedFinding(trait, binned(rows));
const groups = (inside: number[], outside: number[]): CountedValue[] =>
  inside.map((n, i) => ({ value: `"g${i}"`, inside: n, outside: outside[i] as number }));
/** Three people with each income; in the segment are those of whom `isIn` is true. */
const incomes = (isIn: (i: number) => boolean, many = 1_000): CountedValue[] =>
  Array.from({ length: many }, (_, i) => ({
    value: String(20_000 + 2 * i),
    inside: isIn(i) ? 3 : 0,
    outside: isIn(i) ? 0 : 3,
  }));
const found = (measure: string) => ({ is: 'found', finding: { kind: 'predicts', measure } });

test('a proxy is found by numbers and by groups', () => {
  expect(judged('religion', groups([90, 10], [10, 90]))).toMatchObject({ measure: 'cramers_v' });
  expect(judged('religion', groups([52, 48], [49, 51]))).toBeUndefined();
  expect(judged('income', [])).toBeUndefined();
  expect(judgeTrait('income', binned(incomes((i) => i < 5)))).toEqual({
    is: 'unchecked',
    reason: 'fewer than 30 people with it on one side',
  });
});

test.each<[string, string, readonly CountedValue[]]>([
  ['the top fifth of incomes', 'auc', incomes((i) => i >= 800)],
  ['the middle fifth', 'cramers_v', incomes((i) => i >= 400 && i < 600)],
  ['both ends', 'cramers_v', incomes((i) => i < 100 || i >= 900)],
  ['one hundredth in the middle', 'cramers_v', incomes((i) => i >= 2_500 && i < 2_550, 5_000)],
  ['the top fifth of 9,000 different incomes', 'auc', incomes((i) => i >= 7_200, 9_000)],
  [
    'the top fifth, one of them n/a',
    'auc',
    [...incomes((i) => i >= 800), { value: '"n/a"', inside: 1, outside: 1 }],
  ],
  [
    'those without a number among numbers',
    'cramers_v',
    [...incomes(() => false), { value: '"n/a"', inside: 300, outside: 0 }],
  ],
  ['numbers as text', 'auc', incomes((i) => i >= 800).map((row) => ({ ...row, value: `"${row.value}"` }))],
  [
    'days of birth',
    'auc',
    Array.from({ length: 900 }, (_, i) => ({
      value: `"${1920 + (i % 90)}-0${1 + (i % 9)}-11"`,
      inside: i % 90 > 60 ? 2 : 0,
      outside: i % 90 > 60 ? 0 : 2,
    })),
  ],
  [
    'a hundred of two thousand places',
    'cramers_v',
    groups(
      Array.from({ length: 2_000 }, (_, i) => (i % 20 === 7 ? 9 : 0)),
      Array.from({ length: 2_000 }, (_, i) => (i % 20 === 7 ? 0 : 9)),
    ),
  ],
])('whoever is in by %s tells it', (_, measure, rows) => {
  expect(judgeTrait('income', binned(rows))).toMatchObject(found(measure));
});

test('without an association nothing is found, however few people share a value', () => {
  const { next } = createRng(5);
  const alarms = (people: number, share: number, nextValue: () => string) => {
    const found_in = Array.from({ length: 300 }, () => {
      const rows = new Map<string, CountedValue>();
      for (let i = 0; i < people; i++) {
        const value = nextValue();
        const { inside, outside } = rows.get(value) ?? { inside: 0, outside: 0 };
        const is_in = next() < share ? 1 : 0;
        rows.set(value, { value, inside: inside + is_in, outside: outside + 1 - is_in });
      }
      return judgeTrait('income', binned([...rows.values()])).is;
    });
    return found_in.filter((is) => is === 'found').length / 300;
  };
  const below = (many: number) => Math.floor(next() * many);
  // Both bounds beyond what counts as strong: at most one in forty where the truth is at the bound, and far fewer at none.
  expect(alarms(80, 0.5, () => String(below(1_000)))).toBeLessThan(0.01);
  expect(alarms(300, 0.2, () => String(below(100)))).toBeLessThan(0.01);
  expect(alarms(300, 0.2, () => `"place ${below(100)}"`)).toBeLessThan(0.01);
  expect(alarms(200, 0.5, () => `"place ${below(300)}"`)).toBeLessThan(0.01);
  expect(alarms(1_000, 0.1, () => (below(20) === 0 ? '"n/a"' : String(below(5_000))))).toBeLessThan(0.01);
});
