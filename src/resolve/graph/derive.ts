/**
 * The definition: who is who, as a pure function of a set of observations. The order in which they arrived has no part
 * in it, so the same events give the same people however they come.
 *
 * Observations are taken in the order of their first times, then of their keys. Each joins the groups of its
 * identifiers, the identifier of the highest priority first. One whose group cannot join without breaking a rule (a
 * limit, a decision to keep apart) is dropped from the observation and the others are tried: the same as giving up the
 * lowest identifier until the rest holds, and then taking back those that were not to blame.
 */
import type { PersonId } from '../../kernel/ids.ts';
import type { NodeId } from '../contract.ts';
import type { CompiledRules } from '../rules/compile-rules.ts';
import { type Group, type Groups, startGroups } from './groups.ts';
import { learnedNodes } from './learned.ts';
import { ruledOut } from './ruled-out.ts';
import { type IdentityNode, type Observation, observationKey, type UnitParts } from './unit.ts';

export interface Drop {
  readonly observation: Observation;
  readonly node: IdentityNode;
  /** `limit user_id ever`, `limit anonymous_id window`, `unmerged`, `never_merge`, `shared_device`. */
  readonly rule: string;
  /** A node of those that it did not join. */
  readonly kept: IdentityNode;
}

export interface Derived {
  /** By place in `unit.nodes`. */
  readonly persons: readonly PersonId[];
  readonly shared_ms: readonly number[];
  readonly learned: readonly boolean[];
  readonly drops: readonly Drop[];
}

export function derive(unit: UnitParts, rules: CompiledRules): Derived {
  const ruled_out = ruledOut(unit, rules);
  const learned = learnedNodes(unit, rules.rules.learned, ruled_out);
  const able = new Set(unit.nodes.filter(({ id }) => !learned.has(id) && !ruled_out.has(id)));
  const groups = startGroups(unit, rules);
  const shared = new Map<NodeId, number>();
  const drops: Drop[] = [];
  for (const observation of inOrder([...unit.observations.values()], able)) {
    const isShared = (node: IdentityNode): boolean =>
      (shared.get(node.id) ?? Infinity) <= observation.first_ms;
    const nodes = byPriority(observation.nodes, rules, isShared);
    const first = nodes[0];
    if (first === undefined) continue;
    let group = groups.of(first);
    for (const node of nodes.slice(1)) {
      const other = groups.of(node);
      if (other === group) continue;
      const rule = isShared(node) ? 'shared_device' : groups.refusal(group, other, node);
      if (rule === undefined) group = groups.join(group, other);
      else {
        drops.push({ observation, node, rule, kept: first });
        if (isSecondUser(node, other, rule) && !shared.has(node.id))
          shared.set(node.id, observation.first_ms);
      }
    }
  }
  return {
    ...people(unit, groups, shared),
    learned: unit.nodes.map((node) => learned.has(node.id)),
    drops,
  };
}

/** An anonymous id that already has its user met another one: from then on several people use the device. */
const isSecondUser = (node: IdentityNode, group: Group, rule: string): boolean =>
  node.type === 'anonymous_id' && rule === 'limit user_id ever' && group.members.length > 1;

/** What is left of the observations without identifiers that cannot join, in the one order that counts. */
function inOrder(observations: Observation[], able: ReadonlySet<IdentityNode>): Observation[] {
  const reduced = observations.flatMap((observation) => {
    const nodes = observation.nodes.filter((node) => able.has(node));
    if (nodes.length < 2) return [];
    const isWhole = nodes.length === observation.nodes.length;
    const key = isWhole ? observation.key : observationKey(nodes, false);
    return [{ ...observation, nodes, key }];
  });
  return reduced.sort((a, b) => a.first_ms - b.first_ms || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

/** Highest first. Identifiers that never merge come after those that do, shared devices last. */
function byPriority(
  nodes: readonly IdentityNode[],
  rules: CompiledRules,
  isShared: (node: IdentityNode) => boolean,
): IdentityNode[] {
  const rank = (node: IdentityNode): number => {
    const rule = rules.type(node.type);
    if (rule === undefined) return 3_000;
    return rule.priority + (rule.merges ? 0 : 1_000) + (isShared(node) ? 2_000 : 0);
  };
  return [...nodes].sort((a, b) => rank(a) - rank(b) || compareAge(a, b));
}

/** Elder first; the smaller value of two of the same age. */
function compareAge(a: IdentityNode, b: IdentityNode): number {
  if (a.first_ms !== b.first_ms) return a.first_ms < b.first_ms ? -1 : 1;
  return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
}

function people(
  unit: UnitParts,
  groups: Groups,
  shared: ReadonlyMap<NodeId, number>,
): Pick<Derived, 'persons' | 'shared_ms'> {
  const leaders = new Map<Group, PersonId>();
  const personOf = (node: IdentityNode): PersonId => {
    const group = groups.of(node);
    const known = leaders.get(group);
    if (known !== undefined) return known;
    const leader = leading(group.members, groups.priorityOf).id as string as PersonId;
    leaders.set(group, leader);
    return leader;
  };
  const byId = new Map(unit.nodes.map((node) => [node.id, node]));
  return {
    persons: unit.nodes.map((node) => {
      // A twin is a person of its own while its device is shared, else an old name of whoever has the device.
      const device = node.twin_of === undefined ? undefined : byId.get(node.twin_of);
      return device === undefined || shared.has(device.id) ? personOf(node) : personOf(device);
    }),
    shared_ms: unit.nodes.map((node) => shared.get(node.id) ?? Infinity),
  };
}

/** The highest priority, then the earliest, then the smallest value; what no event ever named comes last. */
export function leading(
  members: readonly IdentityNode[],
  priorityOf: (node: IdentityNode) => number,
): IdentityNode {
  const rank = (node: IdentityNode): number => priorityOf(node) + (node.first_ms === Infinity ? 1_000 : 0);
  return members.reduce((best, node) => {
    const by = rank(node) - rank(best) || compareAge(node, best);
    return by < 0 ? node : best;
  });
}
