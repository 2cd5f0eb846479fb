/** Rows of the two tables, as lines of JSON. */
import { NOBODY } from './contract.ts';
import type { Change } from './graph/changes.ts';
import { type IdentityNode, isNobodys, nodeIdOf, twinValue } from './graph/unit.ts';

const NEVER = '1970-01-01T00:00:00.000Z';

/** JSON numbers hold 53 bits: keys go as decimal text, which the warehouse reads as UInt64. */
const decimal = (hex: string): string => BigInt(`0x${hex}`).toString();
const iso = (ms: number): string => (ms === Number.POSITIVE_INFINITY ? NEVER : new Date(ms).toISOString());

export function identityLine(node: IdentityNode, version: number): string {
  const { id, type, value, first_ms } = node;
  const person = isNobodys(node) ? NOBODY : node.person;
  const shared_ms = isNobodys(node) ? Number.POSITIVE_INFINITY : node.shared_ms;
  const is_shared = shared_ms !== Number.POSITIVE_INFINITY;
  return JSON.stringify({
    node: decimal(id),
    identifier: `${type}:${value}`,
    type,
    person: decimal(person),
    first_seen: iso(first_ms),
    shared_from: iso(shared_ms),
    shared_person: is_shared ? decimal(nodeIdOf(type, twinValue(value))) : '0',
    version,
  });
}

export function changeLine({ at_ms, from, to, nodes, kept, ...change }: Change): string {
  return JSON.stringify({
    ...change,
    change_id: decimal(change.change_id),
    at: iso(at_ms),
    from_person: decimal(from),
    to_person: decimal(to),
    nodes: nodes.map(decimal),
    kept: kept.map(decimal),
  });
}
