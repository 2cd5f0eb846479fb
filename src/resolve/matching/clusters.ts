/**
 * Groups of records that are one person, from scored pairs.
 *
 * Connected components would let one false pair join two families. So pairs are taken from the greatest weight down, and
 * a pair joins two groups only when at least `min_support` of all possible pairs between them reach the threshold: two single
 * records always, three and one with one pair in three, two strong groups of three with three pairs of nine; a weak bridge does
 * not. Pairs in `apart`, which people rejected, keep their groups apart whatever else is found. A pair held back may be joined
 * later through another. Equal weights go by record number, so that the result depends on the pairs only, not on their order.
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

export interface ClusterOptions {
  readonly min_support: number;
  readonly apart?: readonly Pick<Edge, 'l' | 'r'>[];
  /** Link mode: records below this number are of the left, and only pairs of a left and a right record are possible. */
  readonly left_records?: number;
}

interface Group {
  readonly members: number[];
  left: number;
}

/** Pairs between groups: how many reach the threshold, and whether they must stay apart; by the roots, both ways. */
type Between = Map<number, { pairs: number; apart: boolean }>;

export function clusterEdges(edges: readonly Edge[], options: ClusterOptions): Clusters {
  const state = singleRecords(edges, options);
  const held: Edge[] = [];
  for (const edge of byWeight(edges)) {
    const [a, b] = [rootOf(state, edge.l), rootOf(state, edge.r)];
    if (a === b) continue;
    const [of_a, of_b] = [groupOf(state, a), groupOf(state, b)];
    const link = state.between.get(a)?.get(b);
    const support = (link?.pairs ?? 0) / possible(of_a, of_b, options.left_records);
    if (link?.apart === true || support < options.min_support) held.push(edge);
    else if (of_a.members.length < of_b.members.length) unite(state, a, b);
    else unite(state, b, a);
  }
  const groups = [...state.groups.values()]
    .map((group) => group.members)
    .filter((members) => members.length > 1)
    .map((members) => members.sort((a, b) => a - b))
    .sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
  return { groups, bridges: held.filter(({ l, r }) => rootOf(state, l) !== rootOf(state, r)) };
}

interface State {
  readonly roots: Map<number, number>;
  readonly groups: Map<number, Group>;
  readonly between: Map<number, Between>;
}

const rootOf = ({ roots }: State, record: number): number => roots.get(record) ?? record;
const groupOf = ({ groups }: State, root: number): Group => groups.get(root) ?? { members: [root], left: 0 };

function singleRecords(edges: readonly Edge[], { apart = [], left_records = 0 }: ClusterOptions): State {
  const state: State = { roots: new Map(), groups: new Map(), between: new Map() };
  for (const { l, r } of edges) {
    for (const one of [l, r]) {
      state.roots.set(one, one);
      state.groups.set(one, { members: [one], left: one < left_records ? 1 : 0 });
    }
    note(state, l, r, { pairs: 1, apart: false });
  }
  for (const { l, r } of apart) note(state, l, r, { pairs: 0, apart: true });
  return state;
}

function note({ between }: State, a: number, b: number, more: { pairs: number; apart: boolean }): void {
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    const of = between.get(from) ?? new Map();
    const before = of.get(to) ?? { pairs: 0, apart: false };
    of.set(to, { pairs: before.pairs + more.pairs, apart: before.apart || more.apart });
    between.set(from, of);
  }
}

const possible = (a: Group, b: Group, left_records: number | undefined): number =>
  left_records === undefined
    ? a.members.length * b.members.length
    : a.left * (b.members.length - b.left) + b.left * (a.members.length - a.left);

function unite(state: State, from: number, into: number): void {
  const [moved, grown] = [groupOf(state, from), groupOf(state, into)];
  for (const one of moved.members) {
    state.roots.set(one, into);
    grown.members.push(one);
  }
  grown.left += moved.left;
  state.groups.delete(from);
  for (const [other, link] of state.between.get(from) ?? []) {
    state.between.get(other)?.delete(from);
    if (other !== into) note(state, into, other, link);
  }
  state.between.delete(from);
}

/** Greatest weight first; equal ones by record number. */
export const byWeight = <E extends Edge>(edges: readonly E[]): E[] =>
  edges.toSorted((a, b) => b.weight - a.weight || a.l - b.l || a.r - b.r);
