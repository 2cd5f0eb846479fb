import { expect, test } from 'vitest';
import { createRng } from '../../kernel/rng.ts';
import { judgeMessageTest, type ShownRow } from './message-test.ts';

const shown = (
  part: string,
  variant: string,
  converted: number,
  people = 200,
  inside: 0 | 1 = 1,
): ShownRow => ({
  ...{ inside, part, variant, people, converted },
});
const rows = (part: string, a: number, b: number, inside: 0 | 1 = 1): ShownRow[] => [
  shown(part, 'a', a, 200, inside),
  shown(part, 'b', b, 200, inside),
];

test('parts that answer the other way make a segment impure', () => {
  const pure = judgeMessageTest([...rows('x', 60, 20), ...rows('y', 62, 22), ...rows('', 20, 60, 0)]);
  expect(pure).toMatchObject({ best_inside: 'a', best_outside: 'b', pure: true });
  const mixed = judgeMessageTest([...rows('x', 90, 20), ...rows('y', 20, 60)]);
  expect(mixed).toMatchObject({ best_inside: 'a', pure: false });
  expect(mixed.words).toContain('but `b` does best in `y`');
  expect(mixed.heterogeneity_p).toBeLessThan(0.001);
  // Both parts are sure of it and the whole is not: they cancel out.
  const even = judgeMessageTest([...rows('x', 80, 20), ...rows('y', 20, 80)]);
  expect(even).toMatchObject({ best_inside: null, pure: false });
  expect(even.words).toMatch(
    /^No difference between the variants is shown.*mixes people who answer differently\.$/,
  );
});

test('without a difference that is shown, nothing did best and no parts agree', () => {
  const found = judgeMessageTest([...rows('x', 21, 20), ...rows('y', 22, 21)]);
  expect(found).toMatchObject({ best_inside: null, pure: null, parts: [{ best: null }, { best: null }] });
  expect(found.words).toMatch(
    /^No difference between the variants is shown in the segment: `a` leads by 0\.5 points/,
  );
  for (const few of [[], [shown('', 'a', 9)], [shown('', 'a', 9), shown('', 'b', 1, 29)]]) {
    expect(judgeMessageTest(few)).toMatchObject({ best_inside: null, pure: null, heterogeneity_p: null });
    expect(judgeMessageTest(few).words).toContain('No two variants');
  }
});

test('the lead is over the variant that it is hardest to tell from, and nobody knows that one of few', () => {
  const found = judgeMessageTest([shown('', 'a', 60), shown('', 'b', 20), shown('', 'c', 7, 30)]);
  expect(found.best_inside).toBeNull();
  expect(found.parts[0]?.lead.value).toBeCloseTo(60 / 200 - 7 / 30, 9);
});

test('of six variants that do the same, hardly ever one is said to do best', () => {
  const { next } = createRng(9);
  const hits = (people: number, rate: number) =>
    Array.from({ length: people }, next).filter((x) => x < rate).length;
  const named = (rates: readonly number[]) => {
    const found = Array.from({ length: 400 }, () =>
      judgeMessageTest(rates.map((rate, i) => shown('', `v${i}`, hits(200, rate)))),
    );
    return found.filter(({ best_inside }) => best_inside !== null).length / 400;
  };
  expect(named([0.2, 0.2, 0.2, 0.2, 0.2, 0.2])).toBeLessThan(0.05);
  // Two that are both better than the rest: one of them is not best by luck.
  expect(named([0.4, 0.4, 0.1, 0.1, 0.1, 0.1])).toBeLessThan(0.05);
  expect(named([0.5, 0.2, 0.2, 0.2, 0.2, 0.2])).toBeGreaterThan(0.9);
});
