import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRng } from '../../kernel/rng.ts';
import { param, sql } from '../../kernel/sql.ts';
import { nearestCenters } from '../../stats/k-means.ts';
import { pointsOf } from '../../stats/points.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import { openEvents } from '../fixture-events.ts';
import { chooseCandidate, type Judgement } from './choose-candidate.ts';
import { fitSegmentation } from './fit.ts';
import { startFitWorker } from './fit-worker.ts';
import { fitPreparation, type Model, placeByDensity, prepare, type Row } from './model.ts';
import { placed } from './place.sql.ts';
import { type FittedSegmentation, parseSegmentation, segmentationKind } from './segmentation.ts';

/** Three kinds of people: many orders of low value, few of high value, and those who only look. */
function people(n: number, seed = 1): Row[] {
  const rng = createRng(seed);
  return Array.from({ length: n }, (_, i) => {
    const [orders, value, days] = [[12, 20, 10] as const, [2, 200, 60] as const, [0, 0, 200] as const][
      i % 3
    ] ?? [0, 0, 0];
    return [
      Math.max(0, orders + rng.normal()),
      orders === 0 ? null : value + 10 * rng.normal(),
      days + 12 * rng.normal(),
    ];
  });
}
const bodyOf = (more: Record<string, unknown>) =>
  parseSegmentation({
    features: [
      { name: 'orders', measure: 'count', event: 'Order Completed' },
      { name: 'order_value', measure: 'average', event: 'Order Completed', property: 'revenue' },
      { name: 'days_since_visit', measure: 'days_since' },
    ],
    ...more,
  }) as FittedSegmentation;

describe('fitSegmentation', () => {
  test('k-means finds the three kinds, keeps all candidates, and says why', () => {
    const shares: number[] = [];
    const found = fitSegmentation(
      people(300),
      bodyOf({ method: 'kmeans', clusters: { min: 2, max: 5 } }),
      (s) => shares.push(s),
    );
    const chosen = found.candidates.find((c) => c.chosen);
    expect(found.candidates.map((c) => c.setting)).toEqual(['k = 2', 'k = 3', 'k = 4', 'k = 5']);
    expect(chosen).toMatchObject({ clusters: 3, setting: 'k = 3' });
    expect(chosen?.least_stability).toBeGreaterThan(0.9);
    expect(found.candidates.every((c) => c.reason !== '')).toBe(true);
    expect(found.stability.length).toBe(3);
    expect(found.picture.points.length).toBe(300);
    expect(found.picture.explained[0]).toBeGreaterThan(0.5);
    expect(shares).toEqual([0, 0.25, 0.5, 0.75]);
    expect(fitSegmentation(people(300), bodyOf({ method: 'kmeans', clusters: { min: 2, max: 5 } }))).toEqual(
      found,
    );
  });

  test.each(['dbscan', 'hdbscan'])('%s finds them too, and places newcomers', (method) => {
    const found = fitSegmentation(people(300), bodyOf({ method }));
    expect(found.candidates.find((c) => c.chosen)?.clusters).toBe(3);
    const model = found.model as Extract<Model, { method: 'dbscan' | 'hdbscan' }>;
    const newcomers = placeByDensity([...people(60, 9), [90, 9000, 900]], model);
    expect(new Set(newcomers.slice(0, 60)).difference(new Set([-1])).size).toBe(3);
    expect(newcomers.slice(0, 60).filter((c) => c >= 0).length).toBeGreaterThan(45);
    expect(newcomers[60]).toBe(-1);
  });

  test('chance has no clusters: it says so', () => {
    const { next } = createRng(5);
    const noise = Array.from({ length: 200 }, () => [next(), next(), next()]);
    const { warnings, candidates } = fitSegmentation(
      noise,
      bodyOf({ method: 'kmeans', clusters: { min: 4, max: 6 } }),
    );
    expect(warnings.length).toBeGreaterThan(0);
    expect(candidates.filter((c) => c.chosen).length).toBe(1);
    const same = fitSegmentation(
      Array.from({ length: 120 }, () => [1, 1, 1]),
      bodyOf({ method: 'hdbscan' }),
    );
    expect(same.candidates.filter((c) => c.chosen)).toEqual([]);
    expect([...placeByDensity([[1, 1, 1]], same.model as Extract<Model, { method: 'dbscan' }>)]).toEqual([
      -1,
    ]);
  });

  test('in a thread, with a cancel', async () => {
    const rows = people(300);
    const body = bodyOf({ method: 'kmeans', clusters: { min: 2, max: 3 } });
    const worker = startFitWorker(new AbortController().signal);
    expect(await worker.fit(rows, body, () => {})).toEqual(fitSegmentation(rows, body));
    await worker.close();
    const stop = new AbortController();
    const doomed = startFitWorker(stop.signal);
    const fitting = doomed.fit(people(5_000), body, () => {});
    stop.abort();
    await expect(fitting).rejects.toThrow('cancelled');
    await expect(doomed.place(rows, {} as never)).rejects.toThrow('cancelled');
  });
});

test('the choice: within the cap, stable, as well apart as the best within its error, and few', () => {
  const candidate = (clusters: number, silhouette: number, least_stability: number): Judgement => ({
    clusters,
    setting: `k = ${clusters}`,
    silhouette,
    silhouette_se: 0.02,
    stability: least_stability,
    least_stability,
    smallest_share: 0.1,
    unassigned_share: 0,
    inertia: 1,
  });
  const chosen = (list: Judgement[], cap = 8) =>
    chooseCandidate(list, cap).judged.find((c) => c.chosen)?.clusters;
  expect(chosen([candidate(2, 0.4, 0.9), candidate(4, 0.6, 0.9), candidate(5, 0.61, 0.9)])).toBe(4);
  expect(chosen([candidate(2, 0.4, 0.9), candidate(4, 0.6, 0.5)])).toBe(2);
  expect(chosen([candidate(3, 0.4, 0.9), candidate(9, 0.6, 0.9)])).toBe(3);
  expect(chosen([candidate(3, 0.4, 0.3), candidate(4, 0.6, 0.2)])).toBe(3);
  expect(chosen([candidate(1, 0, 0), candidate(9, 0.6, 0.9)])).toBeUndefined();
  expect(chooseCandidate([candidate(9, 0.6, 0.9)], 8).warnings.length).toBe(1);
});

describe('placing in SQL', () => {
  let warehouse: Warehouse;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ warehouse, close } = await openEvents());
  });
  afterAll(() => close());

  test.each(['none', 'standard', 'robust', 'quantile'] as const)(
    'k-means with scaling %s is what the program computes',
    async (scaling) => {
      const rows = people(60);
      const preparation = fitPreparation(rows, [true, false, false], scaling);
      const model = {
        method: 'kmeans' as const,
        preparation,
        centers: [
          [0.1, 0.2, 0.3],
          [1, -1, 0.5],
          [0.8, 0.9, 0.1],
        ],
      };
      const column = (i: number) =>
        param(
          rows.map((r) => r[i] ?? -1e9),
          'Array(Float64)',
        );
      const source = sql`
      SELECT toUInt64(at) AS person, [a, if(b = -1e9, NULL, b), c]::Array(Nullable(Float64)) AS \`values\`
      FROM (SELECT arrayJoin(arrayZip(range(${rows.length}), ${column(0)}, ${column(1)}, ${column(2)})) AS row, row.1 AS at, row.2 AS a, row.3 AS b, row.4 AS c)`;
      const found = await warehouse.query<{ cluster: number }>(
        sql`SELECT cluster FROM (${placed(source, model)}) ORDER BY person`,
      );
      expect(found.map((r) => r.cluster)).toEqual([
        ...nearestCenters(prepare(rows, preparation), pointsOf(model.centers)),
      ]);
    },
  );
});

test.each(['kmeans', 'dbscan', 'hdbscan'])(
  '%s: features that are the same for everybody make no segments',
  (method) => {
    const body = parseSegmentation({
      method,
      features: ['a', 'b'].map((name) => ({ name, measure: 'count' })),
    }) as FittedSegmentation;
    const same = fitSegmentation(
      Array.from({ length: 200 }, () => [3, 1]),
      body,
    );
    expect(same.candidates.filter(({ chosen }) => chosen)).toEqual([]);
    expect(same.stability).toEqual([]);
    expect(same.warnings).toEqual([expect.stringMatching(/^These features do not tell people apart/)]);
  },
);

test('a body is checked with the place of each problem', () => {
  const feature = { name: 'a', measure: 'count' };
  const problems = (body: unknown) => segmentationKind.check(body, 's').map((p) => p.field);
  expect(problems({ method: 'kmeans', features: [feature] })).toEqual([]);
  expect(problems({ method: 'rfm' })).toEqual([]);
  const bins = (recency: number[], frequency: number[]) =>
    problems({ method: 'rfm', rfm: { bins: { recency, frequency, monetary: [100] } } });
  expect(bins([10, 30, 60], [2, 3])).toEqual([]);
  expect(bins([30, 10, 60], [2, 2, 3])).toEqual(['rfm.bins.recency.1', 'rfm.bins.frequency.1']);
  expect(problems({ method: 'magic' })).toEqual(['method']);
  expect(problems({ method: 'kmeans', features: [] })).toEqual(['features']);
  expect(
    problems({
      method: 'hdbscan',
      window_days: 30,
      features: [
        feature,
        feature,
        { name: 'b', measure: 'sum' },
        { name: 'c', measure: 'share' },
        { name: 'd', measure: 'count', window_days: 90 },
      ],
    }),
  ).toEqual(['features.1.name', 'features.2.property', 'features.3.event', 'features.4.window_days']);
  expect(problems({ method: 'kmeans', features: [feature], clusters: { min: 5, max: 3 } })).toEqual([
    'clusters.min',
  ]);
  const ranges = { recency: [1, 5], frequency: [1, 5], monetary: [1, 5] };
  const named = (...names: string[]) =>
    problems({ method: 'rfm', rfm: { segments: names.map((name) => ({ name, ...ranges })) } });
  expect(named('Best', 'Gute', 'Лучшие', 'Новые')).toEqual([]);
  expect(named('Best', 'others', 'best!')).toEqual(['rfm.segments.0.name', 'rfm.segments.1.name']);
  fc.assert(
    fc.property(fc.jsonValue(), (body) => {
      expect(Array.isArray(segmentationKind.check(body, 's'))).toBe(true);
    }),
  );
});
