/** What an event says about who is who, put into the graph: the same for the stream and for history. */
import type { NodeId } from '../contract.ts';
import type { CarriedIdentifiers } from '../rules/identifiers-of-event.ts';
import type { IdentityGraph, Origin } from './identity-graph.ts';
import { type IdentityNode, nodeIdOf } from './unit.ts';

/** To be loaded before `learnIdentifiers`. */
export const idsOf = ({ identifiers, previous, kept_out }: CarriedIdentifiers): NodeId[] =>
  [...identifiers, ...previous, ...kept_out.flat()].map(({ type, value }) => nodeIdOf(type, value));

/** `ids` are those of `idsOf`, loaded. Returns the nodes of the event's own identifiers. */
export function learnIdentifiers(
  graph: IdentityGraph,
  { identifiers, previous, kept_out }: CarriedIdentifiers,
  ids: readonly NodeId[],
  origin: Origin,
): IdentityNode[] {
  const nodes = identifiers.map((identifier, i) => graph.ensure(identifier, ids[i]));
  for (const node of nodes) graph.see(node, origin.at_ms);
  if (nodes.length > 1) graph.observe(nodes, origin);
  const [self] = nodes;
  if (self !== undefined && previous.length > 0) {
    // The previous names are not seen themselves: only spoken of.
    const before = previous.map((identifier, i) => graph.ensure(identifier, ids[nodes.length + i]));
    graph.observe([self, ...before], { ...origin, cause: 'alias' });
  }
  for (const group of kept_out) {
    const together = group.map((identifier) => graph.ensure(identifier));
    for (const node of together) graph.see(node, origin.at_ms);
    graph.observe(together, origin);
  }
  return nodes;
}
