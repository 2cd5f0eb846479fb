import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRng } from '../kernel/rng.ts';
import { bestAssignment } from './best-assignment.ts';
import { sumInterval } from './bootstrap.ts';
import { chiSquareTail } from './chi-square.ts';
import { addRows, columnOf, cramersV, NO_ROWS } from './cramers-v.ts';
import { areaUnderCurve } from './mann-whitney.ts';
import { pointsOf } from './points.ts';
import { populationStability } from './population-stability.ts';
import { principalComponents } from './principal-components.ts';
import { binOf, quantile, quantileCuts } from './quantile.ts';
import { applyScaling, fitScaling, meanAndSd } from './scaling.ts';
import { differenceInterval, ratioInterval } from './two-proportions.ts';

const values = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 60 });

describe('quantiles', () => {
  test('type 7, as R gives it', () => {
    expect([0, 0.25, 0.5, 0.9, 1].map((p) => quantile([1, 2, 4, 8, 16], p))).toEqual([
      1,
      2,
      4,
      expect.closeTo(12.8, 12),
      16,
    ]);
    expect(quantileCuts([9, 1, 5, 3, 7], 2)).toEqual([5]);
    expect([4, 5, 6, 99].map((v) => binOf(v, [5, 6]))).toEqual([0, 1, 2, 2]);
  });
  test('rise with p, stay between the ends, and bins count cuts', () => {
    fc.assert(
      fc.property(
        values,
        fc.integer({ min: 2, max: 7 }),
        fc.integer({ min: -60, max: 60 }),
        (list, n, value) => {
          const cuts = quantileCuts(list, n);
          expect(cuts).toEqual(cuts.toSorted((a, b) => a - b));
          expect(binOf(value, cuts)).toBe(cuts.filter((cut) => cut <= value).length);
        },
      ),
    );
  });
});

describe('scaling', () => {
  test('standard, robust and ranks', () => {
    const points = pointsOf([
      [1, 5],
      [2, 5],
      [3, 5],
      [4, 5],
      [90, 5],
    ]);
    const standard = applyScaling(points, fitScaling(points, 'standard'));
    const first = [...standard.data].filter((_, i) => i % 2 === 0);
    expect(meanAndSd(first)).toEqual({ mean: expect.closeTo(0, 12), sd: expect.closeTo(1, 12) });
    expect([...standard.data].filter((_, i) => i % 2 === 1)).toEqual([0, 0, 0, 0, 0]);
    expect(
      [...applyScaling(points, fitScaling(points, 'robust')).data].filter((_, i) => i % 2 === 0),
    ).toEqual([-1, -0.5, 0, 0.5, 43.5]);
    expect(applyScaling(points, fitScaling(points, 'none')).data).toEqual(points.data);
  });
  test('ranks keep the order and stay in 0..1, equal values stay equal', () => {
    fc.assert(
      fc.property(values, (list) => {
        const points = pointsOf(list.map((v) => [v]));
        const { data } = applyScaling(points, fitScaling(points, 'quantile'));
        list.forEach((v, i) => {
          expect(data[i]).toBeGreaterThanOrEqual(0);
          expect(data[i]).toBeLessThanOrEqual(1);
          list.forEach((w, j) => {
            if (v <= w) expect(data[i]).toBeLessThanOrEqual(data[j] as number);
          });
        });
      }),
      { numRuns: 30 },
    );
  });
});

test('population stability: 0 for equal shares, symmetric, the textbook sum without smoothing', () => {
  expect(populationStability([10, 20, 30], [10, 20, 30])).toBe(0);
  expect(populationStability([], [])).toBeNull();
  expect(populationStability([0, 0], [1, 1])).toBeNull();
  const psi = 0.1 * Math.log(0.5 / 0.4) - 0.1 * Math.log(0.5 / 0.6);
  expect(populationStability([500_000, 500_000], [400_000, 600_000])).toBeCloseTo(psi, 5);
  const histogram = fc.array(fc.nat(100), { minLength: 4, maxLength: 4 }).filter((h) => h.some((c) => c > 0));
  fc.assert(
    fc.property(histogram, histogram, (a, b) => {
      const there = populationStability(a, b) as number;
      expect(there).toBeGreaterThanOrEqual(0);
      expect(there).toBeCloseTo(populationStability(b, a) as number, 9);
    }),
  );
});

describe('two shares', () => {
  test('Newcombe 1998 (II), table II, method 10: 56/70 − 48/80, 9/10 − 3/10, 10/10 − 0/10', () => {
    expect(differenceInterval({ hits: 56, trials: 70 }, { hits: 48, trials: 80 })).toMatchObject({
      low: expect.closeTo(0.0524, 4),
      high: expect.closeTo(0.3339, 4),
    });
    expect(differenceInterval({ hits: 9, trials: 10 }, { hits: 3, trials: 10 })).toMatchObject({
      low: expect.closeTo(0.1705, 4),
      high: expect.closeTo(0.809, 4),
    });
    expect(differenceInterval({ hits: 10, trials: 10 }, { hits: 0, trials: 10 })).toMatchObject({
      low: expect.closeTo(0.6075, 4),
      high: 1,
    });
  });
  test('the ratio mirrors when the sides change, and holds its value', () => {
    const side = fc
      .integer({ min: 1, max: 500 })
      .chain((trials) =>
        fc.record({ hits: fc.integer({ min: 0, max: trials }), trials: fc.constant(trials) }),
      );
    fc.assert(
      fc.property(side, side, (a, b) => {
        const one = ratioInterval(a, b);
        const two = ratioInterval(b, a);
        expect(one?.low).toBeCloseTo(1 / (two?.high ?? 0), 6);
        expect(
          (one?.low ?? 9) <= (one?.ratio ?? 0) * (1 + 1e-12) &&
            (one?.ratio ?? 9) <= (one?.high ?? 0) * (1 + 1e-12),
        ).toBe(true);
        const { difference, low, high } = differenceInterval(a, b);
        expect(low <= difference && difference <= high).toBe(true);
      }),
    );
    expect(ratioInterval({ hits: 1, trials: 2 }, { hits: 0, trials: 0 })).toBeNull();
  });
});

describe('separation', () => {
  test('the area under the curve counts ties half', () => {
    const inside = [1, 2, 2, 5, 7];
    const outside = [0, 2, 3, 3];
    const counts = [...new Set([...inside, ...outside])].map((value) => ({
      value,
      inside: inside.filter((v) => v === value).length,
      outside: outside.filter((v) => v === value).length,
    }));
    expect(areaUnderCurve(counts)?.auc).toBeCloseTo(0.6, 12);
    expect(areaUnderCurve([{ value: 1, inside: 3, outside: 0 }])).toBeNull();
    // Hanley & McNeil 1982, table II: 51 abnormal and 58 normal images, area .893, standard error .032.
    const rated = [
      [3, 33],
      [2, 6],
      [2, 6],
      [11, 11],
      [33, 2],
    ].map(([a, b], value) => ({ value, inside: a as number, outside: b as number }));
    const found = areaUnderCurve(rated);
    expect(found?.auc).toBeCloseTo(0.893, 3);
    expect(((found?.high ?? 0) - (found?.auc ?? 0)) / 1.96).toBeCloseTo(0.032, 2);
  });
  const v = (...columns: [inside: number, outside: number][]) =>
    cramersV(columns.map(([inside, outside]) => columnOf(inside, outside)).reduce(addRows, NO_ROWS));
  test('Cramér’s V: corrected, between 0 and 1, none without association', () => {
    const found = v([20, 5], [10, 25]);
    expect(found?.v).toBeCloseTo(0.494302514023, 9);
    expect(found?.low).toBeGreaterThan(0.2);
    expect(found?.high).toBeLessThan(0.75);
    expect(v([50, 50], [50, 50])?.v).toBe(0);
    expect(v([500, 0], [0, 500])?.v).toBeCloseTo(1, 2);
    expect(v([5, 5])).toBeNull();
    expect(v([5, 0], [5, 0])).toBeNull();
    // As many columns as people tell nothing, whatever they are.
    expect(v(...Array.from({ length: 90 }, (_, i): [number, number] => [i % 2, 1 - (i % 2)]))?.v).toBe(0);
  });
  test('the interval of Cramér’s V holds the truth as often as it says, also in sparse tables', () => {
    const { next } = createRng(7);
    const drawn = (people: number, shares: readonly number[]) => {
      const inside = shares.map(() => 0);
      const outside = shares.map(() => 0);
      for (let i = 0; i < people; i++) {
        const column = Math.floor(next() * shares.length);
        const side = next() < (shares[column] as number) ? inside : outside;
        side[column] = (side[column] as number) + 1;
      }
      const table = inside.map((n, i) => columnOf(n, outside[i] as number));
      return cramersV(table.reduce(addRows, NO_ROWS));
    };
    const truth = (shares: readonly number[]) => {
      const p = shares.reduce((sum, r) => sum + r, 0) / shares.length;
      return Math.sqrt(shares.reduce((sum, r) => sum + (r - p) ** 2, 0) / shares.length / (p * (1 - p)));
    };
    const missed = (people: number, shares: readonly number[]) => {
      const found = Array.from({ length: 1_000 }, () => drawn(people, shares));
      const real = truth(shares);
      return {
        below: found.filter((one) => (one?.high ?? 1) < real).length / 1_000,
        above: found.filter((one) => (one?.low ?? 0) > real).length / 1_000,
      };
    };
    for (const [people, shares] of [
      [400, [0.5, 0.5, 0.2, 0.8]],
      [2_000, Array.from({ length: 20 }, (_, i) => 0.1 + 0.04 * i)],
      [300, Array.from({ length: 100 }, (_, i) => (i % 3 === 0 ? 0.6 : 0.2))],
    ] as const) {
      const { below, above } = missed(people, shares);
      expect(above).toBeLessThan(0.045);
      expect(below).toBeLessThan(0.06);
    }
  });
  test('chi-square tails as scipy gives them', () => {
    expect(chiSquareTail(3.84, 1)).toBeCloseTo(0.05004352124870519, 12);
    expect(chiSquareTail(20, 10)).toBeCloseTo(0.029252688076961124, 12);
    expect(chiSquareTail(0.5, 3)).toBeCloseTo(0.9188914116546758, 12);
    expect(chiSquareTail(300, 200)).toBeCloseTo(5.924540335483916e-6, 14);
  });
});

test('the interval of a sum with many zeros is that of the mean', () => {
  const { next } = createRng(3);
  const some = Array.from({ length: 100 }, (_, i) => 10 + (i % 7));
  const all = [...some, ...new Array<number>(300).fill(0)];
  const { mean, sd } = meanAndSd(all);
  const { low, high } = sumInterval(some, 300, next);
  expect(low / 400).toBeCloseTo(mean - (1.96 * sd) / 20, 0);
  expect(high / 400).toBeCloseTo(mean + (1.96 * sd) / 20, 0);
  expect(sumInterval([], 0, next)).toEqual({ low: 0, high: 0 });
  expect(sumInterval([], 9, next)).toEqual({ low: 0, high: 0 });
});

test('the best assignment is that of trying all', () => {
  const tried = (rows: number[][], used: number[] = []): number => {
    const row = rows[used.length];
    if (row === undefined) return 0;
    return Math.max(
      ...row.map((v, c) => (used.includes(c) ? Number.NEGATIVE_INFINITY : v + tried(rows, [...used, c]))),
    );
  };
  const table = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 2 })).chain(([n, more]) =>
    fc.array(fc.array(fc.nat(20), { minLength: n + more, maxLength: n + more }), {
      minLength: n,
      maxLength: n,
    }),
  );
  fc.assert(
    fc.property(table, (rows) => {
      const columns = bestAssignment(rows);
      expect(new Set(columns).size).toBe(rows.length);
      expect(columns.reduce((sum, c, r) => sum + (rows[r]?.[c] as number), 0)).toBe(tried(rows));
    }),
  );
  expect(bestAssignment([[1], [5], [2]])).toEqual([-1, 0, -1]);
});

test('principal components of a stretched cloud', () => {
  const cloud = pointsOf(
    Array.from({ length: 200 }, (_, i) => [
      3 * Math.cos(i) + i / 1e6,
      3 * Math.cos(i) + Math.sin(i * 7) / 10,
      1,
    ]),
  );
  const { axes, explained } = principalComponents(cloud, 2);
  expect(axes[0]?.map(Math.abs)).toEqual([
    expect.closeTo(Math.SQRT1_2, 1),
    expect.closeTo(Math.SQRT1_2, 1),
    expect.closeTo(0, 9),
  ]);
  expect(explained[0]).toBeGreaterThan(0.99);
  expect(axes[0]?.reduce((s, v, i) => s + v * (axes[1]?.[i] as number), 0)).toBeCloseTo(0, 9);
});
