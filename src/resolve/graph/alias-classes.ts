import type { IdentityNode, Observation } from './unit.ts';

/**
 * An alias call says that two user ids name one person, so together they count as one against a limit. Gives for each
 * node the one that stands for all of its aliases.
 */
export function aliasClasses(observations: Iterable<Observation>): (node: IdentityNode) => IdentityNode {
  const standsFor = new Map<IdentityNode, IdentityNode>();
  const classOf = (node: IdentityNode): IdentityNode => {
    let top = node;
    for (let next = standsFor.get(top); next !== undefined; next = standsFor.get(top)) top = next;
    return top;
  };
  for (const { cause, nodes } of observations) {
    if (cause !== 'alias') continue;
    for (const [, same] of Map.groupBy(nodes, (node) => node.type)) {
      const [first, ...others] = same.map(classOf);
      for (const other of others) if (first !== undefined && other !== first) standsFor.set(other, first);
    }
  }
  return classOf;
}
