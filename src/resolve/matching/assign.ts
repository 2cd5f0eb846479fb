/**
 * Which pairs stay in link mode, where `l` is always a record of the left. Greedy from the greatest weight down: each pair
 * stays when both its records are still free (or the left may be used again). With weights that are bits of evidence this is
 * within half of the best total (Preis 1999) and, unlike an optimal assignment, never trades a sure pair for two doubtful ones.
 */
import { byWeight, type Edge } from './clusters.ts';

export type Assignment = 'any' | 'one_left_for_each_right' | 'one_to_one';

export interface Assigned {
  readonly kept: readonly Edge[];
  readonly set_aside: readonly Edge[];
}

export function assignEdges(edges: readonly Edge[], assignment: Assignment): Assigned {
  if (assignment === 'any') return { kept: byWeight(edges), set_aside: [] };
  const used_left = new Set<number>();
  const used_right = new Set<number>();
  const kept: Edge[] = [];
  const set_aside: Edge[] = [];
  for (const edge of byWeight(edges)) {
    if (used_right.has(edge.r) || (assignment === 'one_to_one' && used_left.has(edge.l))) {
      set_aside.push(edge);
      continue;
    }
    used_right.add(edge.r);
    used_left.add(edge.l);
    kept.push(edge);
  }
  return { kept, set_aside };
}

/**
 * Pairs that a rival comes close to: another left record for the same right one within `margin` bits (and the other way round,
 * one to one). `edges`: every scored pair, also below the threshold.
 */
export function contested(edges: readonly Edge[], assignment: Assignment, margin: number): ReadonlySet<Edge> {
  const found = new Set<Edge>();
  if (assignment === 'any') return found;
  const sides: ('l' | 'r')[] = assignment === 'one_to_one' ? ['r', 'l'] : ['r'];
  for (const side of sides)
    for (const rivals of Map.groupBy(edges, (edge) => edge[side]).values()) {
      const [best, second] = byWeight(rivals);
      if (best !== undefined && second !== undefined && best.weight - second.weight < margin) found.add(best);
    }
  return found;
}
