import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assignEdges, contested } from './assign.ts';
import { clusterEdges, type Edge } from './clusters.ts';

const edge = (l: number, r: number, weight: number): Edge => ({ l, r, weight });
/** Pairs among a few records, each pair once, with weights that often tie. */
const edges = fc
  .uniqueArray(fc.tuple(fc.nat(14), fc.nat(14), fc.integer({ min: 0, max: 6 })), {
    selector: ([a, b]) => `${Math.min(a, b)} ${Math.max(a, b)}`,
    maxLength: 40,
  })
  .map((list) =>
    list.filter(([a, b]) => a !== b).map(([a, b, w]) => edge(Math.min(a, b), Math.max(a, b), w)),
  );
const shuffled = edges.chain((list) =>
  fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
);

const complete = (records: readonly number[], weight: number): Edge[] =>
  records.flatMap((l, i) => records.slice(i + 1).map((r) => edge(l, r, weight)));

describe('clusterEdges', () => {
  test('a weak bridge does not join two strong clusters', () => {
    const strong = [...complete([1, 2, 3], 12), ...complete([4, 5, 6], 12)];
    const found = clusterEdges([...strong, edge(3, 4, 2)], { min_support: 0.3 });
    expect(found.groups).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(found.bridges).toEqual([edge(3, 4, 2)]);
    const supported = [edge(3, 4, 2), edge(2, 5, 2), edge(1, 6, 2)];
    expect(clusterEdges([...strong, ...supported], { min_support: 0.3 }).groups).toEqual([
      [1, 2, 3, 4, 5, 6],
    ]);
  });

  test('without a guard they are the connected components', () => {
    fc.assert(
      fc.property(edges, (list) => {
        const root = new Map<number, number>();
        const find = (x: number): number =>
          root.get(x) === undefined || root.get(x) === x ? x : find(root.get(x) ?? x);
        for (const { l, r } of list) root.set(find(l), find(r));
        const all = new Set(list.flatMap(({ l, r }) => [l, r]));
        const components = [...Map.groupBy(all, find).values()]
          .map((g) => g.sort((a, b) => a - b))
          .sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
        expect(clusterEdges(list, { min_support: 0 }).groups).toEqual(components);
      }),
    );
  });

  test('law: the order of pairs does not matter, and groups share no record', () => {
    fc.assert(
      fc.property(shuffled, fc.constantFrom(0, 0.3, 0.5, 1), ([list, other], min_support) => {
        const found = clusterEdges(list, { min_support });
        expect(clusterEdges(other, { min_support })).toEqual(found);
        const members = found.groups.flat();
        expect(new Set(members).size).toBe(members.length);
      }),
    );
  });

  test('law: with full support every group is complete', () => {
    fc.assert(
      fc.property(edges, (list) => {
        const pairs = new Set(list.map(({ l, r }) => `${l} ${r}`));
        for (const group of clusterEdges(list, { min_support: 1 }).groups)
          for (const { l, r } of complete(group, 0)) expect(pairs.has(`${l} ${r}`)).toBe(true);
      }),
    );
  });

  test('law: rejected pairs never end in one group', () => {
    fc.assert(
      fc.property(edges, fc.array(fc.tuple(fc.nat(14), fc.nat(14)), { maxLength: 5 }), (list, no) => {
        const apart = no.filter(([a, b]) => a !== b).map(([l, r]) => ({ l, r }));
        const allowed = list.filter(
          (e) => !apart.some((n) => (n.l === e.l && n.r === e.r) || (n.l === e.r && n.r === e.l)),
        );
        for (const group of clusterEdges(allowed, { min_support: 0, apart }).groups)
          for (const { l, r } of apart) expect(group.includes(l) && group.includes(r)).toBe(false);
      }),
    );
  });

  test('linking: one person and several records of a list need no pairs among the records', () => {
    const star = [edge(0, 10, 9), edge(0, 11, 8), edge(0, 12, 7), edge(0, 13, 6)];
    expect(clusterEdges(star, { min_support: 0.5, left_records: 5 }).groups).toEqual([[0, 10, 11, 12, 13]]);
    expect(clusterEdges(star, { min_support: 0.5 }).groups).toEqual([[0, 10, 11]]);
  });
});

describe('assignEdges', () => {
  const list = [edge(0, 10, 9), edge(1, 10, 8), edge(0, 11, 7), edge(1, 11, 6), edge(2, 12, 1)];

  test('the heaviest first, each right once, or each side once', () => {
    expect(assignEdges(list, 'one_left_for_each_right')).toEqual([
      edge(0, 10, 9),
      edge(0, 11, 7),
      edge(2, 12, 1),
    ]);
    expect(assignEdges(list, 'one_to_one')).toEqual([edge(0, 10, 9), edge(1, 11, 6), edge(2, 12, 1)]);
    expect(assignEdges(list, 'any')).toEqual(list);
  });

  test('law: order does not matter; nothing used twice; what was set aside met a heavier or equal pair', () => {
    const bipartite = shuffled.map(
      (lists) => lists.map((of) => of.map((e) => edge(e.l, e.r + 20, e.weight))) as [Edge[], Edge[]],
    );
    fc.assert(
      fc.property(bipartite, ([one, other]) => {
        const kept = assignEdges(one, 'one_to_one');
        expect(assignEdges(other, 'one_to_one')).toEqual(kept);
        expect(new Set(kept.map((e) => e.l)).size).toBe(kept.length);
        expect(new Set(kept.map((e) => e.r)).size).toBe(kept.length);
        for (const lost of one.filter((e) => !kept.includes(e)))
          expect(kept.some((e) => (e.l === lost.l || e.r === lost.r) && e.weight >= lost.weight)).toBe(true);
      }),
    );
  });

  test('a close rival is noticed on the side that is used once', () => {
    const rivals = [edge(0, 10, 9), edge(1, 10, 8.5), edge(0, 11, 9)];
    expect([...contested(rivals, 'one_left_for_each_right', 1)]).toEqual([edge(0, 10, 9)]);
    expect([...contested(rivals, 'one_left_for_each_right', 0.2)]).toEqual([]);
    expect(contested(rivals, 'one_to_one', 1).size).toBe(1);
    expect(contested(rivals, 'any', 1).size).toBe(0);
  });
});
