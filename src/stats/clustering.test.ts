/** Checked against scikit-learn 1.8 on Fisher's irises and on three discs with noise. */
import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRng } from '../kernel/rng.ts';
import { adjustedRand } from './adjusted-rand.ts';
import { clusterStability } from './cluster-stability.ts';
import { dbscan, dbscanAssign, kneeRadius, NOISE } from './dbscan.ts';
import { hdbscan, hdbscanAssign } from './hdbscan.ts';
import { kMeans, nearestCenters } from './k-means.ts';
import { kdTree } from './kd-tree.ts';
import { type Points, pick, pointsOf, squaredDistance } from './points.ts';
import { silhouette } from './silhouette.ts';

const IRIS = new URL('../../../shared/reference/iris/iris.csv', import.meta.url);
const random = (seed: number) => createRng(seed).next;

/** Three discs of 45 points and 15 points anywhere, without chance. */
const discs = pointsOf(
  Array.from({ length: 150 }, (_, i) => {
    const u = (i * 0.7548776662466927) % 1;
    const v = (i * 0.5698402909980532) % 1;
    if (i % 10 === 9) return [12 * u - 4, 12 * v - 4];
    const [x, y, size] = [[0, 0, 0.5] as const, [4, 0, 1] as const, [0, 5, 0.3] as const][i % 3] ?? [0, 0, 0];
    const [r, a] = [Math.sqrt(u) * size, 2 * Math.PI * v];
    return [x + r * Math.cos(a), y + r * Math.sin(a)];
  }),
);
const counts = (labels: Int32Array) =>
  [...Map.groupBy(labels, (l) => l)].sort(([a], [b]) => a - b).map(([, all]) => all.length);

const somePoints = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 12 })), {
    minLength: 3,
    maxLength: 60,
  })
  .map((rows) => pointsOf(rows));

describe.skipIf(!existsSync(IRIS))('irises (skipped when ../shared/reference/iris is not there)', () => {
  const rows = existsSync(IRIS)
    ? readFileSync(IRIS, 'utf8')
        .trim()
        .split('\n')
        .map((line) => line.split(','))
    : [];
  const iris = pointsOf(rows.map((row) => row.slice(0, 4).map(Number)));
  const species = rows.map((row) => row[4]);

  test('k-means: inertia 78.851, silhouette .5528, adjusted Rand .7302', () => {
    const { labels, inertia } = kMeans(iris, 3, random(1));
    expect(inertia).toBeCloseTo(78.851441426146, 9);
    expect(counts(labels)).toEqual([62, 50, 38]);
    expect(silhouette(iris, labels)?.mean).toBeCloseTo(0.5528190123564095, 12);
    expect(adjustedRand(species, [...labels])).toBeCloseTo(0.7302382722834697, 12);
    expect(kMeans(iris, 2, random(1)).inertia).toBeCloseTo(152.3479517603579, 9);
    expect(kMeans(iris, 4, random(1)).inertia).toBeCloseTo(57.22847321428572, 9);
  });

  test('DBSCAN: clusters, noise and core points', () => {
    const wide = dbscan(iris, 0.5, 5);
    expect([counts(wide.labels), wide.core.reduce((a, b) => a + b, 0)]).toEqual([[17, 49, 84], 117]);
    expect(adjustedRand(species, [...wide.labels])).toBeCloseTo(0.5206185241703302, 12);
    expect(counts(dbscan(iris, 0.4, 4).labels)).toEqual([25, 47, 38, 36, 4]);
  });

  test('HDBSCAN: setosa and the others, with their probabilities', () => {
    const { labels, probabilities } = hdbscan(iris, { min_cluster_size: 5, min_samples: 5 });
    expect(counts(labels)).toEqual([50, 100]);
    expect(probabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(130.54562576040007, 9);
    const firm = hdbscan(iris, { min_cluster_size: 15, min_samples: 3 }).probabilities;
    expect(firm.reduce((a, b) => a + b, 0)).toBeCloseTo(135.46466609218209, 9);
  });

  test('three clusters: setosa is stable, the other two are less', () => {
    const { labels } = kMeans(iris, 3, random(1));
    const settings = { resamples: 20, scheme: 'bootstrap' as const, random: random(2) };
    const stability = clusterStability(
      labels,
      3,
      (drawn) => kMeans(pick(iris, drawn), 3, random(3), { starts: 3 }).labels,
      settings,
    );
    expect(stability[1]).toBeGreaterThan(0.97);
    expect(Math.min(...stability)).toBeGreaterThan(0.75);
    const nine = kMeans(iris, 9, random(1)).labels;
    const shaky = clusterStability(
      nine,
      9,
      (drawn) => kMeans(pick(iris, drawn), 9, random(3), { starts: 3 }).labels,
      settings,
    );
    expect(Math.min(...shaky)).toBeLessThan(0.6);
  });
});

describe('three discs and noise', () => {
  const total = (values: Float64Array) => values.reduce((a, b) => a + b, 0);
  test.each([
    [6, 6, [9, 48, 47, 46], 114.832157474],
    [12, 7, [9, 48, 47, 46], 119.377291895],
    [10, 3, [9, 48, 47, 46], 120.609066479],
    [4, 2, [9, 48, 47, 46], 136.179654942],
    [20, 10, [9, 48, 47, 46], 124.291882863],
  ])('HDBSCAN %i %i', (min_cluster_size, min_samples, sizes, firmness) => {
    const found = hdbscan(discs, { min_cluster_size, min_samples });
    expect([counts(found.labels)[0], counts(found.labels).slice(1).sort().reverse()]).toEqual([
      sizes[0],
      sizes.slice(1),
    ]);
    expect(total(found.probabilities)).toBeCloseTo(firmness, 8);
    const inner = found.outlier_scores.filter((_, i) => i % 10 !== 9);
    const outer = found.outlier_scores.filter((_, i) => i % 10 === 9);
    expect(total(outer) / outer.length).toBeGreaterThan(2 * (total(inner) / inner.length));
  });

  test('DBSCAN', () => {
    expect(counts(dbscan(discs, 0.5, 5).labels)).toEqual([15, 45, 45, 45]);
    expect(counts(dbscan(discs, 0.3, 4).labels).sort((a, b) => a - b)).toEqual(
      [6, 8, 8, 11, 27, 45, 45].sort((a, b) => a - b),
    );
    const radius = kneeRadius(discs, 5) as number;
    expect(dbscan(discs, radius, 5).clusters).toBe(3);
  });

  test('later points go where the fitted ones near them are, far ones nowhere', () => {
    const found = hdbscan(discs, { min_cluster_size: 10, min_samples: 3 });
    const fresh = pointsOf([
      [0.1, 0.1],
      [4.2, -0.1],
      [0.05, 5.05],
      [9, 9],
      [2, 2.5],
    ]);
    const at = (x: number) => found.labels[x] as number;
    expect([...hdbscanAssign(fresh, discs, found, 3)]).toEqual([at(0), at(1), at(2), NOISE, NOISE]);
    const again = hdbscanAssign(discs, discs, found, 3);
    const kept = [...found.labels].filter((label, i) => label !== NOISE && again[i] === label).length;
    expect(kept).toBe(found.labels.filter((l) => l !== NOISE).length);
    const cores = Array.from({ length: 150 }, (_, i) => i).filter((i) => dbscan(discs, 0.5, 5).core[i] === 1);
    const labels = dbscan(discs, 0.5, 5).labels;
    const assigned = dbscanAssign(
      fresh,
      pick(discs, cores),
      cores.map((i) => labels[i] as number),
      0.5,
    );
    expect([...assigned.slice(3)]).toEqual([NOISE, NOISE]);
  });

  test('a sampled silhouette lies within its error of the exact one', () => {
    const { labels } = kMeans(discs, 3, random(4));
    const exact = silhouette(discs, labels);
    const sampled = silhouette(discs, labels, { size: 60, random: random(5) });
    expect(Math.abs((sampled?.mean ?? 9) - (exact?.mean ?? 0))).toBeLessThan(4 * (sampled?.se ?? 0));
    expect(exact?.se).toBe(0);
    expect(silhouette(discs, new Int32Array(150))).toBeNull();
  });
});

describe('laws', () => {
  test('the k-d tree finds what looking at all finds', () => {
    fc.assert(
      fc.property(
        somePoints,
        fc.integer({ min: 0, max: 8 }),
        fc.integer({ min: 1, max: 9 }),
        (points, radius, k) => {
          const tree = kdTree(points);
          for (let i = 0; i < points.n; i++) {
            const all = Array.from({ length: points.n }, (_, j) => ({
              index: j,
              squared: squaredDistance(points, i, points, j),
            }));
            expect(tree.within(points, i, radius)).toEqual(
              all.filter((p) => p.squared <= radius ** 2).map((p) => p.index),
            );
            const sorted = all.toSorted((a, b) => a.squared - b.squared || a.index - b.index);
            expect(tree.nearest(points, i, k)).toEqual(sorted.slice(0, k));
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  test('k-means: everybody is at the nearest centre, centres are means, the same seed gives the same', () => {
    fc.assert(
      fc.property(somePoints, fc.integer({ min: 1, max: 3 }), fc.nat(), (points, k, seed) => {
        const found = kMeans(points, k, random(seed), { starts: 2 });
        expect(found).toEqual(kMeans(points, k, random(seed), { starts: 2 }));
        const nearest = nearestCenters(points, found.centers);
        for (let i = 0; i < points.n; i++) {
          const own = squaredDistance(points, i, found.centers, found.labels[i] as number);
          expect(own).toBeCloseTo(squaredDistance(points, i, found.centers, nearest[i] as number), 9);
        }
        expect(found.centers.data.every(Number.isFinite)).toBe(true);
      }),
    );
  });

  test('density methods: clusters are large enough, numbers are finite, the order of points does not matter to DBSCAN’s cores', () => {
    const parts = (points: Points) => {
      const { labels, core } = dbscan(points, 1.5, 3);
      return Array.from({ length: points.n }, (_, i) => i)
        .filter((i) => core[i] === 1)
        .map((i) => labels[i] as number);
    };
    fc.assert(
      fc.property(somePoints, (points) => {
        const found = hdbscan(points, { min_cluster_size: 3, min_samples: 2 });
        for (let c = 0; c < found.clusters; c++) {
          expect(found.labels.filter((l) => l === c).length).toBeGreaterThanOrEqual(3);
        }
        for (const values of [found.probabilities, found.outlier_scores]) {
          expect(values.every((v) => v >= 0 && v <= 1)).toBe(true);
        }
        const backwards = pick(
          points,
          Array.from({ length: points.n }, (_, i) => points.n - 1 - i),
        );
        const cores = parts(points);
        if (cores.length > 0) expect(adjustedRand(cores, parts(backwards).reverse())).toBe(1);
      }),
    );
  });

  test('adjusted Rand: 1 for renamed partitions, as computed by hand otherwise', () => {
    expect(adjustedRand([1, 1, 2, 2], ['b', 'b', 'a', 'a'])).toBe(1);
    expect(adjustedRand([0, 0, 1, 1], [0, 0, 1, 2])).toBeCloseTo(0.5714285714285714, 12);
    expect(adjustedRand([0, 0, 0], [0, 0, 0])).toBe(1);
  });
});
