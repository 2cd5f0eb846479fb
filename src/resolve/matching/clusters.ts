/**
 * Groups of records that are one person, from scored pairs.
 *
 * Connected components would let one false pair join two families. So pairs are taken from the greatest weight down, and
 * a pair joins two groups only when at least `min_support` of all pairs between them reach the threshold: two single records
 * always, three and one with one pair in three, two strong groups of three with three pairs of nine; a weak bridge does not.
 * A pair held back may be joined later through another. Equal weights go by record number, so that the result depends on
 * the pairs only, not on their order.
 */
export interface Edge {
  readonly l: number;
  readonly r: number;
  /** Bits. */
  readonly weight: number;
}

export interface Clusters {
  /** Records with at least one other, each list ascending, lists by their first record. */
  readonly groups: readonly (readonly number[])[];
  /** Pairs at the threshold that were not allowed to join their groups. */
  readonly bridges: readonly Edge[];
}

export function clusterEdges(edges: readonly Edge[], min_support: number): Clusters {
  const members = new Map<number, number[]>();
  const root = new Map<number, number>();
  /** Pairs at the threshold between two groups, by their roots, both ways. */
  const between = new Map<number, Map<number, number>>();
  const count = (a: number, b: number, by: number) => {
    const of = between.get(a) ?? new Map<number, number>();
    of.set(b, (of.get(b) ?? 0) + by);
    between.set(a, of);
  };
  for (const { l, r } of edges) {
    for (const one of [l, r])
      if (!root.has(one)) {
        root.set(one, one);
        members.set(one, [one]);
      }
    count(l, r, 1);
    count(r, l, 1);
  }
  const held: Edge[] = [];
  for (const edge of byWeight(edges)) {
    const [a, b] = [root.get(edge.l) ?? 0, root.get(edge.r) ?? 0];
    if (a === b) continue;
    const [of_a, of_b] = [members.get(a) ?? [], members.get(b) ?? []];
    const support = (between.get(a)?.get(b) ?? 0) / (of_a.length * of_b.length);
    if (support < min_support) held.push(edge);
    else if (of_a.length < of_b.length) unite(a, b);
    else unite(b, a);
  }

  function unite(from: number, into: number): void {
    const moved = members.get(from) ?? [];
    for (const one of moved) root.set(one, into);
    members.get(into)?.push(...moved);
    members.delete(from);
    for (const [other, pairs] of between.get(from) ?? []) {
      between.get(other)?.delete(from);
      if (other === into) continue;
      count(into, other, pairs);
      count(other, into, pairs);
    }
    between.delete(from);
  }

  const groups = [...members.values()]
    .filter((group) => group.length > 1)
    .map((group) => group.sort((a, b) => a - b))
    .sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
  return { groups, bridges: held.filter(({ l, r }) => root.get(l) !== root.get(r)) };
}

/** Greatest weight first; equal ones by record number. */
export const byWeight = <E extends Edge>(edges: readonly E[]): E[] =>
  edges.toSorted((a, b) => b.weight - a.weight || a.l - b.l || a.r - b.r);
