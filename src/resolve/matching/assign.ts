/**
 * Which pairs stay in link mode, where `l` is always a record of the left. Greedy from the greatest weight down: each pair
 * stays when both its records are still free (or the left may be used again). With weights that are bits of evidence this is
 * within half of the best total (Preis 1999) and, unlike an optimal assignment, never trades a sure pair for two doubtful ones.
 */
import { byWeight, type Edge } from './clusters.ts';

export type Assignment = 'any' | 'one_left_for_each_right' | 'one_to_one';

export function assignEdges(edges: readonly Edge[], assignment: Assignment): Edge[] {
  if (assignment === 'any') return byWeight(edges);
  const used_left = new Set<number>();
  const used_right = new Set<number>();
  return byWeight(edges).filter(({ l, r }) => {
    if (used_right.has(r) || (assignment === 'one_to_one' && used_left.has(l))) return false;
    used_right.add(r);
    used_left.add(l);
    return true;
  });
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
