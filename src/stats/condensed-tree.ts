/** The hierarchy of a spanning tree, without the parts that are too small to be clusters (Campello et al. 2013). */
export interface CondensedTree {
  /** Of each cluster; the root is 0 and has −1. A child has a greater number than its parent. */
  readonly parent: readonly number[];
  /** 1 / distance at which the cluster split off; 0 for the root. */
  readonly birth: readonly number[];
  /** Greatest 1 / distance at which something leaves the cluster; and that at which a point leaves it or one below it. */
  readonly end: readonly number[];
  readonly death: readonly number[];
  /** Sum over its points of 1 / distance of leaving, less that of its birth. */
  readonly stability: readonly number[];
  /** Cluster that each point leaves last, and 1 / distance at which it does. */
  readonly leaves_in: Int32Array;
  readonly leaves_at: Float64Array;
}

interface Merge {
  readonly left: number;
  readonly right: number;
  readonly length: number;
  readonly size: number;
}

/** `edges`: the spanning tree of n points, shortest first. Equal points count as a thousandth of the shortest distance apart. */
export function condense(
  edges: readonly { readonly a: number; readonly b: number; readonly length: number }[],
  n: number,
  min_cluster_size: number,
): CondensedTree {
  const merges = singleLinkage(edges, n);
  const floor = (edges.find((edge) => edge.length > 0)?.length ?? 1) / 1_000;
  const parent = [-1];
  const birth = [0];
  const stability = [0];
  const death = [0];
  const leaves_in = new Int32Array(n);
  const leaves_at = new Float64Array(n);
  const sizeOf = (node: number) => (node < n ? 1 : (merges[node - n] as Merge).size);

  const leave = (top: number, cluster: number, at: number): void => {
    const waiting = [top];
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      if (node >= n) {
        const { left, right } = merges[node - n] as Merge;
        waiting.push(left, right);
        continue;
      }
      leaves_in[node] = cluster;
      leaves_at[node] = at;
      stability[cluster] = (stability[cluster] as number) + at - (birth[cluster] as number);
      death[cluster] = Math.max(death[cluster] as number, at);
    }
  };
  const split = (cluster: number, at: number, size: number): number => {
    stability[cluster] = (stability[cluster] as number) + size * (at - (birth[cluster] as number));
    death[cluster] = Math.max(death[cluster] as number, at);
    parent.push(cluster);
    birth.push(at);
    death.push(0);
    return stability.push(0) - 1;
  };

  const waiting: (readonly [node: number, cluster: number])[] = n > 1 ? [[n + merges.length - 1, 0]] : [];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const [node, cluster] = next;
    const { left, right, length } = merges[node - n] as Merge;
    const at = 1 / Math.max(length, floor);
    const both = Math.min(sizeOf(left), sizeOf(right)) >= min_cluster_size;
    for (const side of [left, right]) {
      if (sizeOf(side) < min_cluster_size) leave(side, cluster, at);
      else waiting.push([side, both ? split(cluster, at, sizeOf(side)) : cluster]);
    }
  }
  const end = [...death];
  for (let c = parent.length - 1; c > 0; c--) {
    const above = parent[c] as number;
    death[above] = Math.max(death[above] as number, death[c] as number);
  }
  return { parent, birth, end, death, stability, leaves_in, leaves_at };
}

/** Clusters that together hold most stability, none inside another; never the root (Campello et al. 2013, section 5). */
export function excessOfMass({ parent, stability }: CondensedTree): Set<number> {
  const below = new Array<number>(parent.length).fill(0);
  const selected = new Set<number>();
  for (let c = parent.length - 1; c > 0; c--) {
    const own = stability[c] as number;
    if (own >= (below[c] as number)) selected.add(c);
    const up = parent[c] as number;
    below[up] = (below[up] as number) + Math.max(own, below[c] as number);
  }
  // From the top: what lies below a selected cluster is part of it.
  const covered = new Set<number>();
  for (let c = 1; c < parent.length; c++) {
    const up = parent[c] as number;
    if (covered.has(up) || selected.has(up)) covered.add(c);
  }
  return selected.difference(covered);
}

/** Node i < n is a point; node n + m is what merge m makes. */
function singleLinkage(
  edges: readonly { readonly a: number; readonly b: number; readonly length: number }[],
  n: number,
): Merge[] {
  const root = Int32Array.from({ length: n + edges.length }, (_, i) => i);
  const rootOf = (node: number): number => {
    let top = node;
    while (root[top] !== top) top = root[top] as number;
    for (let step = node; root[step] !== top; ) {
      const next = root[step] as number;
      root[step] = top;
      step = next;
    }
    return top;
  };
  const merges: Merge[] = [];
  const sizeOf = (node: number) => (node < n ? 1 : (merges[node - n] as Merge).size);
  edges.forEach(({ a, b, length }, m) => {
    const left = rootOf(a);
    const right = rootOf(b);
    root[left] = n + m;
    root[right] = n + m;
    merges.push({ left, right, length, size: sizeOf(left) + sizeOf(right) });
  });
  return merges;
}
