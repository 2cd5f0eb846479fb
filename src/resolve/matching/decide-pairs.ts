/** What becomes of each scored pair of a run: joined by the rules, proposed to people with the reason, or set aside. */
import { assignEdges, contested } from './assign.ts';
import { clusterEdges, type Edge } from './clusters.ts';
import type { MatchingRules } from './rules.ts';
import type { Proposal } from './shapes.ts';

export interface Decided {
  readonly l: number;
  readonly r: number;
  readonly reason: Proposal['reason'];
  /** Pairs with the same number become one person; 0 for those that wait for somebody's decision. */
  readonly group: number;
}

export interface PairDecisions {
  readonly decided: readonly Decided[];
  readonly groups: readonly (readonly number[])[];
  readonly set_aside: { readonly assignment: number; readonly rival: number; readonly bridge: number };
}

/**
 * `edges`: from the review threshold on, without what may not be joined. `apart`: pairs that people rejected.
 * Weights are bits.
 */
export function decidePairs(
  rules: MatchingRules,
  edges: readonly Edge[],
  at: {
    readonly accept_weight: number;
    readonly left_records: number;
    readonly apart: readonly Pick<Edge, 'l' | 'r'>[];
  },
): PairDecisions {
  const link = rules.mode === 'link';
  const assignment = link ? rules.assignment : 'any';
  const rivals = contested(edges, assignment, rules.rival_margin);
  // Nothing is decided for a record whose best pair is in doubt.
  const doubted = new Set([...rivals].map((edge) => edge.r));
  const heavy = edges.filter((edge) => edge.weight >= at.accept_weight && !doubted.has(edge.r));
  const kept = assignEdges(heavy, assignment);
  const { groups, bridges } = clusterEdges(kept, {
    min_support: rules.min_support,
    apart: at.apart,
    ...(link ? { left_records: at.left_records } : {}),
  });
  const bridging = new Set(bridges);
  const chosen = new Set(kept);
  const taken_right = new Set(kept.map((edge) => edge.r));
  const taken_left = new Set(kept.map((edge) => edge.l));
  const taken = (edge: Edge) =>
    assignment !== 'any' &&
    (taken_right.has(edge.r) || (assignment === 'one_to_one' && taken_left.has(edge.l)));
  const group_of = new Map(groups.flatMap((members, i) => members.map((record) => [record, i + 1] as const)));
  let assigned = 0;
  const decided = edges.flatMap((edge): Decided[] => {
    const { l, r } = edge;
    const waits = (reason: Decided['reason']): Decided[] => [{ l, r, reason, group: 0 }];
    if (bridging.has(edge)) return waits('bridge');
    if (chosen.has(edge)) {
      return rules.auto ? [{ l, r, reason: 'none', group: group_of.get(l) ?? 0 }] : waits('not_auto');
    }
    if (taken(edge)) {
      assigned++;
      return [];
    }
    // Inside a group that becomes one person anyway there is nothing left to ask.
    const same = group_of.get(l) !== undefined && group_of.get(l) === group_of.get(r);
    if (same && rules.auto) return [];
    return waits(edge.weight >= at.accept_weight ? 'rival' : 'below_accept');
  });
  return { decided, groups, set_aside: { assignment: assigned, rival: rivals.size, bridge: bridges.length } };
}
