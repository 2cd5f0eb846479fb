/** Who a person is made of: over the graph in memory where it is worked on, over the online store elsewhere. */
import type { PersonId } from '../kernel/ids.ts';
import type { OnlineStore } from '../stores/online/port.ts';
import type { Identifier, NodeId, PersonDirectory } from './contract.ts';
import type { IdentityGraph } from './graph/identity-graph.ts';
import {
  type IdentityNode,
  isNobodys,
  isTwin,
  nodeFrom,
  nodeIdOf,
  nodeKey,
  type StoredAt,
  type StoredUnit,
  twinValue,
  unitFrom,
  unitKey,
} from './graph/unit.ts';
import type { CompiledRules } from './rules/compile-rules.ts';

/** Nodes in the order of `ids`, each with its unit; undefined for what nobody ever saw. */
export type NodeReader = (ids: readonly NodeId[]) => Promise<(IdentityNode | undefined)[]>;

export const graphReader =
  (graph: IdentityGraph): NodeReader =>
  async (ids) => {
    await graph.load(ids);
    return ids.map((id) => graph.get(id));
  };

/** Reads what is committed, for whoever is on another thread than the graph. */
export function storedReader(online: OnlineStore): NodeReader {
  const read = async (ids: readonly NodeId[], tries = 3): ReturnType<NodeReader> => {
    const found = await online.getMany<StoredAt>(ids.map(nodeKey));
    const unit_ids = [...new Set(found.filter((at) => typeof at === 'string'))];
    const units = await online.getMany<StoredUnit>(unit_ids.map(unitKey));
    // Another unit took it over between the two reads: by now its nodes say which.
    if (tries > 1 && units.includes(undefined)) return read(ids, tries - 1);
    const nodes = new Map<NodeId, IdentityNode>();
    units.forEach((stored, i) => {
      if (stored === undefined) return;
      for (const node of unitFrom(unit_ids[i] as string, stored).nodes) nodes.set(node.id, node);
    });
    return ids.map((id, i) => {
      const at = found[i];
      return nodes.get(id) ?? (at === undefined || typeof at === 'string' ? undefined : nodeFrom(at));
    });
  };
  return (ids) => read(ids);
}

export function createDirectory(read: NodeReader, rules: () => CompiledRules): PersonDirectory {
  const membersOf = async (people: readonly PersonId[]): Promise<IdentityNode[][]> => {
    const leaders = await read(people as readonly string[] as readonly NodeId[]);
    return leaders.map((leader, i) => {
      const person = people[i] as PersonId;
      if (leader === undefined || leader.person !== person || isNobodys(leader)) return [];
      return leader.unit?.nodes.filter((node) => node.person === person) ?? [leader];
    });
  };
  return {
    nodesOf: async (people) => (await membersOf(people)).map((members) => members.map((node) => node.id)),
    personsOf: async (nodes) =>
      (await read(nodes)).map((node, i) => node?.person ?? (nodes[i] as string as PersonId)),
    identifiersOf: async (people) =>
      (await membersOf(people)).map((members, i) => identifiersOf(members, people[i] as PersonId, rules())),
    async find({ type, value }) {
      const normal = rules().normalise(type, value);
      if (normal === undefined || rules().blockedBy(type, normal) !== undefined) return undefined;
      const id = nodeIdOf(type, normal);
      const twin = nodeIdOf(type, twinValue(normal));
      const [node, shared] = await read([id, twin]);
      if (node === undefined || isNobodys(node)) return undefined;
      // A shared device: whoever asks by it now means its visitors since.
      if (shared !== undefined && node.shared_ms !== Infinity) return { node: twin, person: shared.person };
      return { node: id, person: node.person };
    },
  };
}

/** Leading first, then by priority and age. What only an alias named, and twins of others' devices, are left out. */
function identifiersOf(
  members: readonly IdentityNode[],
  person: PersonId,
  rules: CompiledRules,
): Identifier[] {
  const rank = (node: IdentityNode): number =>
    (node.id as string) === person ? -1 : (rules.type(node.type)?.priority ?? 1_000);
  return members
    .filter((node) => (node.id as string) === person || (node.first_ms !== Infinity && !isTwin(node)))
    .sort((a, b) => rank(a) - rank(b) || a.first_ms - b.first_ms || (a.value < b.value ? -1 : 1))
    .map(({ type, value }) => ({ type, value }));
}
