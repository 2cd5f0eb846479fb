import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRng } from '../../kernel/rng.ts';
import { type Chances, estimateMixture, type Pattern, posterior } from './em.ts';
import { estimateModel } from './estimate.ts';
import { rulesOf } from './fixture.ts';
import { bitsOf, probabilityOf, waterfall, weightOf } from './weights.ts';

/** Patterns of pairs drawn from known parameters. */
function drawn(seed: number, pairs: number, lambda: number, chances: readonly Chances[]): Pattern[] {
  const rng = createRng(seed);
  const level = (of: readonly number[]) => {
    const u = rng.next();
    const at = of.findIndex((_, i) => u < of.slice(0, i + 1).reduce((sum, share) => sum + share, 0));
    return (at < 0 ? of.length - 1 : at) + 1;
  };
  const counts = new Map<string, number>();
  for (let i = 0; i < pairs; i++) {
    const side = rng.next() < lambda ? 'm' : 'u';
    const key = chances.map((c) => (rng.next() < 0.05 ? 0 : level(c[side]))).join();
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, n]) => ({ levels: key.split(',').map(Number), pairs: n }));
}

const TRUTH: Chances[] = [
  { m: [0.8, 0.15, 0.05], u: [0.02, 0.08, 0.9] },
  { m: [0.9, 0.1], u: [0.05, 0.95] },
  { m: [0.7, 0.3], u: [0.01, 0.99] },
];

describe('estimateMixture', () => {
  test('with u known, m and lambda come back from 50,000 pairs', () => {
    const flat = TRUTH.map(({ m, u }) => ({ m: m.map((_, i) => (i === 0 ? 0.6 : 0.4 / (m.length - 1))), u }));
    const found = estimateMixture(drawn(1, 50_000, 0.2, TRUTH), { lambda: 0.1, chances: flat });
    expect(found.converged).toBe(true);
    expect(found.lambda).toBeCloseTo(0.2, 1.7);
    TRUTH.forEach(({ m }, c) => {
      m.forEach((chance, l) => {
        expect(Math.abs((found.chances[c]?.m[l] ?? 0) - chance)).toBeLessThan(0.015);
      });
    });
  });

  test('law: each step raises the likelihood, and chances sum to 1', () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 0.02, max: 0.6, noNaN: true }), (seed, lambda) => {
        const patterns = drawn(seed, 3_000, lambda, TRUTH);
        const start = {
          lambda: 0.3,
          chances: TRUTH.map(({ m, u }) => ({ m: m.map(() => 1 / m.length), u })),
        };
        let before = Number.NEGATIVE_INFINITY;
        for (const max_iterations of [1, 2, 4, 8, 16]) {
          const found = estimateMixture(patterns, start, { max_iterations, learn_u: true });
          for (const { m, u } of found.chances)
            for (const list of [m, u]) expect(list.reduce((s, x) => s + x, 0)).toBeCloseTo(1, 9);
          const now = likelihood(patterns, found);
          // Pseudo-counts of half a pair are a prior: they may cost a little likelihood at the very end.
          expect(now).toBeGreaterThan(before - 0.5);
          before = now;
        }
      }),
      { numRuns: 20 },
    );
  });

  test('without pairs, or with all values missing, nothing breaks', () => {
    expect(estimateMixture([], { lambda: 0.1, chances: TRUTH }).lambda).toBe(0.1);
    const found = estimateMixture([{ levels: [0, 0, 0], pairs: 10 }], { lambda: 0.1, chances: TRUTH });
    expect(found.chances.flatMap((c) => c.m).every(Number.isFinite)).toBe(true);
  });
});

function likelihood(
  patterns: readonly Pattern[],
  { lambda, chances }: { lambda: number; chances: readonly Chances[] },
) {
  return patterns.reduce((sum, { levels, pairs }) => {
    const of = (side: 'm' | 'u') =>
      levels.reduce((p, level, c) => (level === 0 ? p : p * (chances[c]?.[side][level - 1] ?? 1)), 1);
    return sum + pairs * Math.log(lambda * of('m') + (1 - lambda) * of('u'));
  }, 0);
}

describe('weights', () => {
  const rules = rulesOf({
    mode: 'dedupe',
    fields: [{ name: 'a' }, { name: 'b' }],
    blocking: [['a']],
    comparisons: [
      {
        name: 'a',
        field: 'a',
        levels: [{ is: 'exact' }, { is: 'jaro_winkler', at_least: 0.9 }],
        term_frequency: true,
      },
      { name: 'b', field: 'b', levels: [{ is: 'exact' }] },
    ],
  });
  const model = {
    prior: 0.01,
    comparisons: TRUTH.slice(0, 2).map((c) => ({ ...c, estimated_under: [], m_spread: 0 })),
  };

  test('a waterfall ends at the probability of Bayes', () => {
    const fall = waterfall(rules, model, [1, 2], [0, 0]);
    const odds = (0.01 / 0.99) * (0.8 / 0.02) * (0.1 / 0.95);
    expect(fall.probability).toBeCloseTo(odds / (1 + odds), 12);
    expect(fall.probability).toBeCloseTo(posterior([1, 2], 0.01, TRUTH.slice(0, 2)), 12);
    expect(fall.steps.map((s) => s.label)).toEqual(['exact', 'none of these']);
    expect(waterfall(rules, model, [0, 0], [0, 0]).weight).toBe(weightOf(0.01));
  });

  test('agreement on a rare value weighs more, on a common one less, on any other level the same', () => {
    const bits = (level: number, frequency: number) =>
      waterfall(rules, model, [level, 0], [frequency, 0]).steps[0];
    // u is .02: a value that .5 % of records have is four times rarer.
    expect(bits(1, 0.005)?.rarity_bits).toBeCloseTo(2, 12);
    expect(bits(1, 0.08)?.rarity_bits).toBeCloseTo(-2, 12);
    expect(bits(2, 0.005)?.rarity_bits).toBe(0);
    expect(bitsOf(TRUTH[0] ?? { m: [], u: [] })[1]).toBeCloseTo(Math.log2(40), 12);
  });

  test('probabilities hold at the ends', () => {
    expect(probabilityOf(2_000)).toBe(1);
    expect(probabilityOf(-2_000)).toBe(0);
  });
});

describe('estimateModel', () => {
  const base = {
    mode: 'dedupe',
    fields: [{ name: 'a' }, { name: 'b' }, { name: 'c' }],
    blocking: [['a'], ['b']],
    comparisons: [
      { name: 'a', field: 'a', levels: [{ is: 'exact' }, { is: 'jaro_winkler', at_least: 0.9 }] },
      { name: 'b', field: 'b', levels: [{ is: 'exact' }] },
      { name: 'c', field: 'c', levels: [{ is: 'exact' }] },
    ],
  };

  /** Everything that the rules would block: pairs with an exact first or second comparison. */
  const evidence = () => {
    const all = drawn(5, 400_000, 0.005, TRUTH);
    const blocked = all
      .map((p) => ({ ...p, mask: (p.levels[0] === 1 ? 1 : 0) + (p.levels[1] === 1 ? 2 : 0) }))
      .filter((p) => p.mask > 0);
    return { random: all, blocked, total_pairs: 400_000, prior_pairs: 1_800 };
  };

  test('m, u and the prior come back, with the comparisons that a rule fixes left out', () => {
    const model = estimateModel(rulesOf(base), evidence());
    expect(model.comparisons.map((c) => c.estimated_under)).toEqual([['b'], ['a'], ['a', 'b']]);
    TRUTH.forEach(({ m, u }, c) => {
      const found = model.comparisons[c];
      m.forEach((chance, l) => {
        expect(Math.abs((found?.m[l] ?? 0) - chance)).toBeLessThan(0.05);
        expect(Math.abs((found?.u[l] ?? 0) - (u[l] ?? 0))).toBeLessThan(0.005);
      });
    });
    expect(model.prior).toBeGreaterThan(0.0045);
    expect(model.prior).toBeLessThan(0.0055);
  });

  test('a prior that is given, or counted by rules that hardly err', () => {
    const given = rulesOf({ ...base, prior: { from: 'given', probability: 0.001 } });
    expect(estimateModel(given, evidence()).prior).toBe(0.001);
    const counted = rulesOf({ ...base, prior: { from: 'rules', rules: [['a', 'b']], recall: 0.9 } });
    expect(estimateModel(counted, evidence()).prior).toBeCloseTo(0.005, 12);
  });

  test('without any pair the model is the default, and finite', () => {
    const model = estimateModel(rulesOf(base), { random: [], blocked: [], total_pairs: 0, prior_pairs: 0 });
    expect(model.comparisons.flatMap(bitsOf).every(Number.isFinite)).toBe(true);
  });
});
