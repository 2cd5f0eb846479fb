import type { NodeId } from '../contract.ts';
import { type CompiledRules, derivedFrom } from '../rules/compile-rules.ts';
import { nodeIdOf, type UnitParts } from './unit.ts';

/**
 * What joins nobody under these rules: types that they do not know, blocked values, and the hashes of blocked values. A
 * hash does not tell what it was made of, so it is seen together with its value (`kept_out` of an event), and both
 * are in one unit.
 */
export function ruledOut(unit: Pick<UnitParts, 'nodes'>, rules: CompiledRules): ReadonlySet<NodeId> {
  const out = new Set<NodeId>();
  for (const { id, type, value } of unit.nodes) {
    if (rules.type(type) !== undefined && rules.blockedBy(type, value) === undefined) continue;
    out.add(id);
    for (const hash of derivedFrom(rules, type, value)) out.add(nodeIdOf(hash.type, hash.value));
  }
  return out;
}
