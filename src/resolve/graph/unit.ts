/**
 * Units: the pieces of the identity graph that can be worked on alone. Whatever could ever bear on the same decision
 * (identifiers seen together, or kept apart) is in one unit. Units only grow together; what the people in one are is
 * derived from its observations anew whenever those change (`derive.ts`).
 */
import { key64, type PersonId } from '../../kernel/ids.ts';
import type { NodeId } from '../contract.ts';

/** Why identifiers belong together. */
export const CAUSES = ['event', 'alias', 'link', 'match', 'import'] as const;
export type Cause = (typeof CAUSES)[number];

export interface IdentityNode {
  readonly id: NodeId;
  readonly type: string;
  readonly value: string;
  /** Time of the first event that names it, ms; Infinity as long as only an alias speaks of it. */
  first_ms: number;
  unit: Unit | undefined;
  person: PersonId;
  /** From when on several people use it, ms; Infinity for never. Anonymous ids only. */
  shared_ms: number;
  /** Seen together with too many others to say who anybody is. */
  learned: boolean;
  /** An id that events stand at, and the rules block. */
  blocked: boolean;
  /** Blocked identifiers that it was seen with, `type:node`: they join nothing and still count. */
  met: readonly string[];
  /** The shared device whose later anonymous events stand here. */
  readonly twin_of?: NodeId;
  /** No longer in memory: whoever still holds it reads it again. */
  gone?: true;
}

/** Identifiers that were seen together. */
export interface Observation {
  /** The same for the same identifiers; see `observationKey`. */
  readonly key: string;
  readonly nodes: readonly IdentityNode[];
  /** The earliest time, and where that was. */
  first_ms: number;
  cause: Cause;
  source_id: string;
  /** Of the event; of a link, its detail. */
  message_id: string;
}

/** A decision that the nodes of one side are other people than those of the other. */
export interface Apart {
  readonly id: string;
  readonly left: readonly NodeId[];
  readonly right: readonly NodeId[];
  readonly at_ms: number;
  readonly actor_id: string;
  readonly detail: string;
}

export interface Unit {
  readonly id: string;
  nodes: IdentityNode[];
  readonly observations: Map<string, Observation>;
  apart: Apart[];
}

/** What people are derived from. */
export type UnitParts = Pick<Unit, 'nodes' | 'observations' | 'apart'>;

export const nodeIdOf = (type: string, value: string): NodeId => key64(`${type}:${value}`) as NodeId;
export const twinValue = (value: string): string => `${value}~shared`;
/** Events stand at these two. */
export const STANDING: readonly string[] = ['user_id', 'anonymous_id'];
/** Events at it belong to no person: it names everybody, or nobody. */
export const isNobodys = ({ type, blocked, learned }: IdentityNode): boolean =>
  (blocked || learned) && STANDING.includes(type);
export const isTwin = (node: Pick<IdentityNode, 'twin_of'>): boolean => node.twin_of !== undefined;

export const newNode = (id: NodeId, type: string, value: string, twin_of?: NodeId): IdentityNode => ({
  id,
  type,
  value,
  first_ms: Number.POSITIVE_INFINITY,
  unit: undefined,
  person: id as string as PersonId,
  shared_ms: Number.POSITIVE_INFINITY,
  learned: false,
  blocked: false,
  met: [],
  ...(twin_of === undefined ? {} : { twin_of }),
});

/** An alias may hold two user ids at once, so it is another observation than an event with the same identifiers. */
export const observationKey = (nodes: readonly { readonly id: NodeId }[], is_alias: boolean): string =>
  `${is_alias ? 'alias ' : ''}${nodes
    .map((node) => node.id)
    .sort()
    .join(' ')}`;

/** Times are 0 for never; the tail is left out when it says nothing. */
export type StoredNode = readonly [
  type: string,
  value: string,
  first_ms: number,
  /** Its place in the unit of the node that leads its person. */
  leader: number,
  shared_ms?: number,
  /** 1: learned; 2: blocked; 3: both. */
  silent?: number,
  met?: readonly string[],
  twin_of?: string,
];

/** At `identity:<node>`: a node that is alone, or the id of its unit, where everything is. */
export type StoredAt = string | StoredNode;

export interface StoredUnit {
  readonly n: readonly StoredNode[];
  /** Node indices, first_ms, cause, source_id, message_id. */
  readonly o: readonly (readonly [readonly number[], number, Cause, string, string])[];
  readonly a?: readonly Apart[];
}

export const NODE_PREFIX = 'identity:';
export const UNIT_PREFIX = 'identity-unit:';
/** `identity-learned:<node>`: identifiers that stopped joining people, to list them. */
export const LEARNED_PREFIX = 'identity-learned:';
export const nodeKey = (id: NodeId): string => `${NODE_PREFIX}${id}`;
export const unitKey = (id: string): string => `${UNIT_PREFIX}${id}`;

const toStored = (ms: number): number => (ms === Number.POSITIVE_INFINITY ? 0 : ms);
const fromStored = (ms: number): number => (ms === 0 ? Number.POSITIVE_INFINITY : ms);

export function storedNode(node: IdentityNode, leader: number): StoredNode {
  const { type, value, first_ms, shared_ms, learned, blocked, met, twin_of } = node;
  const head = [type, value, toStored(first_ms), leader] as const;
  const silent = (learned ? 1 : 0) + (blocked ? 2 : 0);
  if (twin_of !== undefined) return [...head, toStored(shared_ms), silent, met, twin_of];
  if (met.length > 0) return [...head, toStored(shared_ms), silent, met];
  if (silent > 0) return [...head, toStored(shared_ms), silent];
  return shared_ms === Number.POSITIVE_INFINITY ? head : [...head, shared_ms];
}

export const storedAt = (node: IdentityNode): StoredAt => node.unit?.id ?? storedNode(node, 0);

/** A node as it stands alone; in a unit its person is that of its leader. */
export function nodeFrom(stored: StoredNode): IdentityNode {
  const [type, value, first_ms, , shared_ms = 0, silent = 0, met = [], twin_of] = stored;
  const node = newNode(nodeIdOf(type, value), type, value, twin_of as NodeId | undefined);
  node.first_ms = fromStored(first_ms);
  node.shared_ms = fromStored(shared_ms);
  node.learned = silent % 2 === 1;
  node.blocked = silent >= 2;
  node.met = met;
  return node;
}

export function storedUnit(unit: Unit): StoredUnit {
  const index = new Map<string, number>(unit.nodes.map((node, i) => [node.id, i]));
  return {
    n: unit.nodes.map((node) => storedNode(node, index.get(node.person) as number)),
    o: Array.from(unit.observations.values(), ({ nodes, first_ms, cause, source_id, message_id }) => [
      nodes.map((node) => index.get(node.id) as number),
      first_ms,
      cause,
      source_id,
      message_id,
    ]),
    ...(unit.apart.length === 0 ? {} : { a: unit.apart }),
  };
}

/** `known` gives the object of a node that is in memory already, so that there is one of each. */
export function unitFrom(
  id: string,
  stored: StoredUnit,
  known: (id: NodeId) => IdentityNode | undefined = () => undefined,
): Unit {
  const unit: Unit = { id, nodes: [], observations: new Map(), apart: [...(stored.a ?? [])] };
  const own = stored.n.map(nodeFrom);
  own.forEach((node, i) => {
    const leader = own[stored.n[i]?.[3] ?? i] ?? node;
    node.person = leader.id as string as PersonId;
  });
  const nodes = own.map((node) => known(node.id) ?? node);
  for (const node of nodes) node.unit ??= unit;
  unit.nodes = nodes;
  for (const [indices, first_ms, cause, source_id, message_id] of stored.o) {
    const seen = indices.flatMap((i) => nodes[i] ?? []);
    const key = observationKey(seen, cause === 'alias');
    unit.observations.set(key, { key, nodes: seen, first_ms, cause, source_id, message_id });
  }
  return unit;
}
