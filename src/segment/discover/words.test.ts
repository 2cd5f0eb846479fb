import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { advise } from './advise.ts';
import { different, keepNames, slug } from './cluster-names.ts';
import { summaryOf, titlesOf, traitsOf } from './describe-clusters.ts';
import { judgeDrift } from './judge-drift.ts';
import { Advice, Drift, Trait } from './segmentation-output.ts';

const features = [
  { name: 'orders_90d', measure: 'count' as const },
  { name: 'days_since_visit', measure: 'days_since' as const },
  { name: 'sale_share', measure: 'share' as const },
];
const everybody = [
  { mean: 2, sd: 4 },
  { mean: 60, sd: 30 },
  { mean: 0.3, sd: 0.2 },
];

const buyersTraits = () => traitsOf(features, [8.1, 12, 0.31], everybody);

describe('words', () => {
  const buyers = buyersTraits();
  const lost = traitsOf(features, [0.1, 150, 0.3], everybody);
  test('what stands out, strongest first, in plain words', () => {
    expect(buyers.map((t) => t.words)).toEqual([
      'days since visit: 12 days, 20 % of the average of 60 days',
      'orders 90d: 8.1, about 4.05 times the average of 2',
    ]);
    expect(buyers.every((t) => Trait.safeParse(t).success)).toBe(true);
    const shortest = (...clusters: (typeof buyers)[]) => titlesOf(features, clusters).map(([title]) => title);
    expect(shortest(buyers, lost, [])).toEqual(['Recent visit', 'Long since visit', 'Near the average']);
    expect(shortest(buyers, buyers.slice(0, 1))).toEqual(['Recent visit, many orders 90d', 'Recent visit']);
    expect(summaryOf(1204, 0.12, buyers)).toBe(
      '1,204 people (12 %). Days since visit: 12 days, 20 % of the average of 60 days; orders 90d: 8.1, about 4.05 times the average of 2.',
    );
    expect(traitsOf(features, [null, 60, 0.3], everybody)).toEqual([]);
  });
});

describe('names', () => {
  const old = [
    { key: 'loyal', title: 'Loyal people' },
    { key: 'lost', title: 'Lost' },
  ];
  test('go on where most people are the same, whatever the numbers of the clusters', () => {
    expect(
      keepNames(
        old,
        [['Many orders'], ['Few orders'], ['Lost']],
        [
          [5, 80, 0],
          [0, 10, 20],
        ],
        [100, 100],
        [50, 100, 60],
      ),
    ).toEqual([
      { key: 'many-orders', title: 'Many orders', kept_from: null, overlap: null },
      { key: 'loyal', title: 'Loyal people', kept_from: 'loyal', overlap: 80 / 120 },
      { key: 'lost-2', title: 'Lost 2', kept_from: null, overlap: null },
    ]);
    expect(slug("Can't Lose Them")).toBe('cant-lose-them');
  });
  test('go on from half of the people of each on, and not below', () => {
    const kept = (both: number) => keepNames([{ key: 'x', title: 'X' }], [['Y']], [[both]], [100], [100])[0];
    // Half of a hundred on either side is a third of all who are in one of them.
    expect(kept(50)).toEqual({ key: 'x', title: 'X', kept_from: 'x', overlap: 1 / 3 });
    expect(kept(60)).toMatchObject({ key: 'x', kept_from: 'x' });
    expect(kept(49)).toMatchObject({ key: 'y', kept_from: null });
  });
  test('say what distinguishes a cluster next when the first words are taken, and a number only then', () => {
    const [titles = []] = titlesOf(features, [buyersTraits(), []]);
    expect(titles).toEqual(['Recent visit', 'Recent visit, many orders 90d']);
    const taken = [{ key: 'x', title: 'Recent visit' }];
    const named = (...suggested: string[][]) =>
      keepNames(taken, suggested, [], [], []).map(({ key, title }) => `${key}: ${title}`);
    expect(named(titles, titles)).toEqual([
      'recent-visit-many-orders-90d: Recent visit, many orders 90d',
      'recent-visit-many-orders-90d-2: Recent visit, many orders 90d 2',
    ]);
    expect(different(['A', 'B', 'A'])).toEqual(['A', 'B', 'A 2']);
  });
  test('of what is barely worth a word speak only when nothing else tells two apart', () => {
    const near = (mean: number) => traitsOf(features, [mean, 15, 0.3], everybody);
    expect(titlesOf(features, [near(3.4), near(2)]).map(([title]) => title)).toEqual([
      'Recent visit, many orders 90d',
      'Recent visit',
    ]);
  });
  test('of clusters that ended never come back for others', () => {
    const again = (used: string[]) =>
      keepNames([], [['Lost']], [], [], [], new Set(used)).map(({ key, title }) => [key, title]);
    expect(again([])).toEqual([['lost', 'Lost']]);
    expect(again(['lost', 'lost-2'])).toEqual([['lost-3', 'Lost']]);
  });
  test('are unique, and the same people keep all of theirs', () => {
    const size = fc.integer({ min: 1, max: 50 });
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1 }),
        fc.array(size, { minLength: 5, maxLength: 5 }),
        (keys, sizes) => {
          const before = keys.map((key) => ({ key, title: key }));
          const diagonal = keys.map((_, o) => keys.map((__, n) => (o === n ? (sizes[o] as number) : 0)));
          const kept = keepNames(
            before,
            keys.map(() => ['New']),
            diagonal,
            sizes,
            sizes,
          );
          expect(kept.map((k) => k.key)).toEqual(keys);
          const fresh = keepNames(
            before,
            keys.map(() => ['A']),
            [],
            sizes,
            sizes,
          );
          expect(new Set([...fresh.map((k) => k.key), ...keys]).size).toBe(2 * keys.length);
          expect(new Set([...fresh.map((k) => k.title), ...keys]).size).toBe(2 * keys.length);
        },
      ),
    );
  });
});

test('drift: shifts and moves advise a refit, with reasons; few people do not', () => {
  const steady = {
    feature: 'orders',
    before: [100, 100, 100],
    now: [101, 99, 100],
    mean_before: 1,
    mean_now: 1,
  };
  const shifted = { ...steady, now: [250, 40, 10] };
  const calm = judgeDrift([steady], { people: 300, moved: 10 }, 300);
  expect([calm.refit, calm.features[0]?.level]).toEqual([false, 'stable']);
  const loud = judgeDrift([steady, shifted], { people: 300, moved: 150 }, 300);
  expect([loud.refit, loud.features[1]?.level, loud.reasons.length]).toEqual([true, 'shifted', 2]);
  expect(judgeDrift([shifted], { people: 3, moved: 3 }, 3).refit).toBe(false);
  expect(Drift.shape.features.safeParse(loud.features).success).toBe(true);
});

test('advice follows from reasons, whatever the situation', () => {
  const base = {
    people: 5_000,
    features: 4,
    criteria_known: false,
    must_be_explained: false,
    realtime: false,
    exploring: true,
    capacity: 5,
    clusters_stable: null,
  };
  expect(advise(base).advice).toBe('clusters');
  expect(advise({ ...base, criteria_known: true, exploring: false }).advice).toBe('rules');
  expect(advise({ ...base, realtime: true }).advice).toBe('both');
  expect(advise({ ...base, people: 40 }).advice).toBe('wait');
  expect(advise({ ...base, clusters_stable: false }).advice).toBe('rules');
  const flag = fc.boolean();
  fc.assert(
    fc.property(
      fc.record({
        people: fc.nat(10_000),
        features: fc.nat(12),
        criteria_known: flag,
        must_be_explained: flag,
        realtime: flag,
        exploring: flag,
        capacity: fc.nat(9),
        clusters_stable: fc.constantFrom(true, false, null),
      }),
      (situation) => {
        const given = advise(situation);
        expect(Advice.safeParse(given).success).toBe(true);
        const side = given.advice === 'both' ? 'clusters' : given.advice;
        if (situation.clusters_stable !== false)
          expect(given.reasons.some((r) => r.speaks_for === side || r.speaks_for === 'wait')).toBe(true);
      },
    ),
  );
});
