import type { NodeId } from '../contract.ts';
import type { IdentityRules } from '../rules/identity-rules.ts';
import type { UnitParts } from './unit.ts';

/**
 * Identifiers that say nothing about who somebody is, learnt from the data: a shared mailbox, a kiosk, a user id that
 * one server uses for everybody. They were seen together with more user ids, or more identifiers of another type, than
 * the rules allow. Once over, more observations of it need not be kept: it stays over. What the rules rule out does not count, since events
 * that came after the rules do not tell of it.
 */
export function learnedNodes(
  unit: UnitParts,
  limits: IdentityRules['learned'],
  ruled_out: ReadonlySet<NodeId>,
): ReadonlySet<NodeId> {
  const found = new Set<NodeId>();
  const fewest = Math.min(limits.user_ids, limits.others);
  if (unit.nodes.length <= fewest && unit.nodes.every((node) => node.met.length === 0)) return found;
  const seen = new Map<NodeId, Map<string, Set<string>>>();
  const count = (of: NodeId, type: string, other: string) => {
    const types = seen.get(of) ?? new Map<string, Set<string>>();
    const others = types.get(type) ?? new Set<string>();
    seen.set(of, types.set(type, others.add(other)));
  };
  for (const observation of unit.observations.values()) {
    const nodes = observation.nodes.filter((node) => !ruled_out.has(node.id));
    for (const node of nodes)
      for (const other of nodes) if (other !== node) count(node.id, other.type, other.id);
  }
  for (const node of unit.nodes)
    for (const met of node.met) {
      const at = met.lastIndexOf(':');
      count(node.id, met.slice(0, at), met.slice(at + 1));
    }
  for (const [id, types] of seen)
    for (const [type, others] of types)
      if (others.size > (type === 'user_id' ? limits.user_ids : limits.others)) found.add(id);
  return found;
}
