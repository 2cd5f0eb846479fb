/**
 * The identity graph in memory, over the online store: what was committed and what was not yet. Whoever changes it
 * holds the turn. Add observations, `settle()`, and take what changed; nothing is written here.
 */
import type { PersonId } from '../../kernel/ids.ts';
import type { OnlineStore, Put } from '../../stores/online/port.ts';
import type { Identifier, NodeId, NodeMove } from '../contract.ts';
import type { CompiledRules } from '../rules/compile-rules.ts';
import { type Change, changesOf, type News } from './changes.ts';
import { derive } from './derive.ts';
import {
  type Apart,
  type Cause,
  type IdentityNode,
  LEARNED_PREFIX,
  newNode,
  nodeFrom,
  nodeIdOf,
  nodeKey,
  type Observation,
  observationKey,
  STANDING,
  type StoredAt,
  type StoredUnit,
  storedAt,
  storedUnit,
  twinValue,
  type Unit,
  unitFrom,
  unitKey,
} from './unit.ts';

/** Where and when identifiers were said to belong together. */
export interface Origin {
  readonly cause: Cause;
  readonly source_id: string;
  readonly message_id: string;
  /** When it happened, ms; decides the order. */
  readonly at_ms: number;
  /** When it was heard of, ms; only for the record of changes. */
  readonly heard_ms: number;
  readonly actor_id?: string;
  readonly detail?: string;
}

export interface Resplit {
  readonly node: NodeId;
  readonly twin: NodeId;
}

export interface Settled {
  readonly moves: readonly NodeMove[];
  readonly resplit: readonly Resplit[];
}

interface Due {
  readonly nodes: ReadonlySet<IdentityNode>;
  /** Ids, also of those that are no longer there. */
  readonly units: readonly string[];
  readonly changes: readonly Change[];
}

export interface IdentityGraph {
  /** Brings nodes and their units into memory; the others are known to be unknown then. */
  load(ids: Iterable<NodeId>): Promise<void>;
  /**
   * After a commit that was cut off between two parts: some of these units may be written and the nodes that point to
   * them not, or the other way round. Brings together what belongs together, to be written again.
   */
  repair(units: readonly string[]): Promise<void>;
  /** Of what was loaded. */
  get(id: NodeId): IdentityNode | undefined;
  /** The node of an identifier, made when it is new. Load it first. */
  ensure(identifier: Identifier, id?: NodeId): IdentityNode;
  see(node: IdentityNode, at_ms: number): void;
  observe(nodes: readonly IdentityNode[], origin: Origin): void;
  keepApart(unit: Unit, apart: Apart, news: News): void;
  /** Derives the unit again, although nothing new is in it. */
  touch(unit: Unit, news?: News): void;
  /** Works out who is who now. */
  settle(): Settled;
  /** What changed since the last `committed()`: nodes with rows and states to write, units, and changes for the record. */
  due(): Due;
  puts(): Put[];
  removes(): string[];
  committed(): void;
  reset(): void;
}

/** Nodes in memory between batches. */
const NODES_MAX = 150_000;

export function createIdentityGraph(deps: {
  readonly online: OnlineStore;
  readonly rules: () => CompiledRules;
  readonly nodes_max?: number;
}): IdentityGraph {
  const { online, rules, nodes_max = NODES_MAX } = deps;
  const nodes = new Map<NodeId, IdentityNode>();
  const units = new Map<string, Unit>();
  /** Goes up whenever something leaves memory: what was read before then may be old. */
  let epoch = 0;
  const unsettled = new Map<Unit, News[]>();
  const due_nodes = new Set<IdentityNode>();
  const due_units = new Set<Unit>();
  /** Nodes whose events became nobody's, or somebody's. */
  const changed_hands = new Set<NodeId>();
  let gone_units: string[] = [];
  let changes: Change[] = [];

  const addUnit = (unit: Unit): void => {
    units.set(unit.id, unit);
    for (const node of unit.nodes) nodes.set(node.id, node);
    // Cut off between two parts of a commit: the older unit still lists what the newer one took over.
    let home = unit;
    for (const node of [...unit.nodes])
      if (node.unit !== undefined && node.unit !== home) home = join(node.unit, home);
  };

  const loadUnits = async (ids: readonly string[]): Promise<void> => {
    const wanted = ids.filter((id) => !units.has(id));
    const stored = await online.getMany<StoredUnit>(wanted.map(unitKey));
    wanted.forEach((id, i) => {
      const unit = stored[i];
      if (unit !== undefined && !units.has(id)) addUnit(unitFrom(id, unit, (node) => nodes.get(node)));
    });
  };

  const load = async (ids: Iterable<NodeId>): Promise<void> => {
    const missing = [...new Set(ids)].filter((id) => !nodes.has(id));
    if (missing.length === 0) return;
    const before = epoch;
    const found = await online.getMany<StoredAt>(missing.map(nodeKey));
    if (epoch === before) await loadUnits(unitsIn(found));
    if (epoch !== before) return load(missing);
    for (const at of found) {
      if (at === undefined || typeof at === 'string') continue;
      const node = nodeFrom(at);
      if (!nodes.has(node.id)) nodes.set(node.id, node);
    }
  };

  async function repair(ids: readonly string[]): Promise<void> {
    await loadUnits(ids);
    const members = ids.flatMap((id) => units.get(id)?.nodes ?? []);
    await loadUnits(unitsIn(await online.getMany<StoredAt>(members.map((node) => nodeKey(node.id)))));
    for (const unit of new Set(members.flatMap((node) => node.unit ?? []))) {
      touch(unit);
      for (const node of unit.nodes) due_nodes.add(node);
    }
  }

  const touch = (unit: Unit, news?: News): void => {
    const known = unsettled.get(unit);
    if (known === undefined) unsettled.set(unit, news === undefined ? [] : [news]);
    else if (news !== undefined) known.push(news);
    due_units.add(unit);
  };

  const unitOf = (node: IdentityNode): Unit => {
    if (node.unit !== undefined) return node.unit;
    const unit: Unit = { id: node.id, nodes: [node], observations: new Map(), apart: [] };
    units.set(unit.id, unit);
    node.unit = unit;
    due_nodes.add(node);
    return unit;
  };

  /** The larger takes over the smaller. */
  function join(a: Unit, b: Unit): Unit {
    const [into, from] = a.nodes.length >= b.nodes.length ? [a, b] : [b, a];
    const own = new Set(into.nodes);
    for (const node of from.nodes) {
      if (!own.has(node)) into.nodes.push(node);
      node.unit = into;
      due_nodes.add(node);
    }
    for (const [key, observation] of from.observations) keepEarlier(into, key, observation);
    into.apart = [...new Map([...into.apart, ...from.apart].map((apart) => [apart.id, apart])).values()];
    units.delete(from.id);
    gone_units.push(from.id);
    due_units.delete(from);
    touch(into);
    unsettled.get(into)?.push(...(unsettled.get(from) ?? []));
    unsettled.delete(from);
    return into;
  }

  function observe(seen: readonly IdentityNode[], origin: Origin): void {
    const live = seen.filter((node) => !node.learned);
    if (live.length < seen.length) for (const node of live) meet(node, seen);
    const [first, ...others] = live;
    if (first === undefined || others.length === 0) return;
    let unit = unitOf(first);
    for (const node of others) {
      const other = unitOf(node);
      if (other !== unit) unit = join(unit, other);
    }
    const { cause, source_id, at_ms } = origin;
    const message_id = origin.message_id || (origin.detail ?? '');
    const key = observationKey(live, cause === 'alias');
    const observation = { key, nodes: live, first_ms: at_ms, cause, source_id, message_id };
    if (keepEarlier(unit, key, observation)) touch(unit, { observation, ...origin, what: 'seen' });
  }

  /** Remembers blocked identifiers that a node was seen with: they count against it, too. */
  function meet(node: IdentityNode, seen: readonly IdentityNode[]): void {
    const met = new Set(node.met);
    for (const other of seen) if (other.learned) met.add(`${other.type}:${other.id}`);
    if (met.size === node.met.length) return;
    node.met = [...met].sort();
    due_nodes.add(node);
    if (node.unit !== undefined) touch(node.unit);
  }

  /** Whether events at it are nobody's by the rules. What hangs on that is made again, unless it was never seen before. */
  function judge(node: IdentityNode): void {
    const { type, value } = node;
    const blocked = STANDING.includes(type) && rules().blockedBy(type, value) !== undefined;
    if (blocked === node.blocked) return;
    node.blocked = blocked;
    due_nodes.add(node);
    if (node.first_ms !== Infinity) changed_hands.add(node.id);
  }

  const setPerson = (moved: Map<IdentityNode, PersonId>, node: IdentityNode, person: PersonId): void => {
    if (node.person === person) return;
    if (!moved.has(node)) moved.set(node, node.person);
    node.person = person;
    due_nodes.add(node);
  };

  /** The twin of a device that is shared now, a member of its unit like any other. */
  const twinOf = (device: IdentityNode, unit: Unit): IdentityNode => {
    const value = twinValue(device.value);
    const id = nodeIdOf(device.type, value);
    const known = nodes.get(id) ?? newNode(id, device.type, value, device.id);
    if (known.unit === undefined) {
      known.unit = unit;
      unit.nodes.push(known);
      nodes.set(id, known);
    }
    known.first_ms = device.shared_ms === Infinity ? known.first_ms : device.shared_ms;
    due_nodes.add(known);
    return known;
  };

  function settleUnit(unit: Unit, news: readonly News[], moved: Map<IdentityNode, PersonId>): Resplit[] {
    const derived = derive(unit, rules());
    const members = [...unit.nodes];
    const before = members.map((node) => node.person);
    const resplit: Resplit[] = [];
    const newly_learned: IdentityNode[] = [];
    members.forEach((node, i) => {
      setPerson(moved, node, derived.persons[i] as PersonId);
      const learned = derived.learned[i] === true;
      if (learned && !node.learned) newly_learned.push(node);
      if (learned !== node.learned) {
        due_nodes.add(node);
        if (STANDING.includes(node.type)) changed_hands.add(node.id);
      }
      node.learned = learned;
      const shared_ms = derived.shared_ms[i] as number;
      if (shared_ms === node.shared_ms) return;
      node.shared_ms = shared_ms;
      due_nodes.add(node);
      resplit.push({ node: node.id, twin: twinOf(node, unit).id });
    });
    changes.push(...changesOf({ members, before, derived, news, newly_learned, resplit }));
    return resplit;
  }

  const evict = (): void => {
    if (nodes.size <= nodes_max) return;
    epoch += 1;
    const drop = (node: IdentityNode) => {
      node.gone = true;
      nodes.delete(node.id);
    };
    for (const node of nodes.values()) {
      if (nodes.size <= nodes_max * 0.75) break;
      if (node.unit === undefined) drop(node);
      else {
        units.delete(node.unit.id);
        node.unit.nodes.forEach(drop);
      }
    }
  };

  const clear = (): void => {
    unsettled.clear();
    changed_hands.clear();
    due_nodes.clear();
    due_units.clear();
    gone_units = [];
    changes = [];
  };

  return {
    load,
    repair,
    get: (id) => nodes.get(id),
    ensure({ type, value }, id = nodeIdOf(type, value)) {
      const known = nodes.get(id);
      const node = known ?? newNode(id, type, value);
      if (known === undefined) {
        nodes.set(id, node);
        due_nodes.add(node);
      }
      judge(node);
      return node;
    },
    see(node, at_ms) {
      if (at_ms >= node.first_ms) return;
      node.first_ms = at_ms;
      due_nodes.add(node);
      if (node.unit !== undefined) touch(node.unit);
    },
    observe,
    keepApart(unit, apart, news) {
      unit.apart.push(apart);
      touch(unit, news);
    },
    touch,
    settle() {
      const moved = new Map<IdentityNode, PersonId>();
      const resplit: Resplit[] = [];
      for (const [unit, news] of unsettled) resplit.push(...settleUnit(unit, news, moved));
      unsettled.clear();
      for (const node of changed_hands) resplit.push({ node, twin: node });
      changed_hands.clear();
      const moves = [...moved].flatMap(([{ id, person }, from]) =>
        person === from ? [] : [{ node: id, from, to: person }],
      );
      return { moves, resplit };
    },
    due: () => ({
      nodes: due_nodes,
      units: [...Array.from(due_units, (unit) => unit.id), ...gone_units],
      changes,
    }),
    puts: () => [
      ...Array.from(due_units, (unit) => ({ key: unitKey(unit.id), value: storedUnit(unit) })),
      ...Array.from(due_nodes, (node) => ({ key: nodeKey(node.id), value: storedAt(node) })),
      ...Array.from(due_nodes)
        .filter((node) => node.learned)
        .map(({ id, type, value }) => ({ key: `${LEARNED_PREFIX}${id}`, value: { type, value } })),
    ],
    removes: () => gone_units.map(unitKey),
    committed() {
      clear();
      evict();
    },
    reset() {
      for (const node of nodes.values()) node.gone = true;
      nodes.clear();
      units.clear();
      epoch += 1;
      clear();
    },
  };
}

const unitsIn = (found: readonly (StoredAt | undefined)[]): string[] => [
  ...new Set(found.filter((at) => typeof at === 'string')),
];

/** Whether it says anything new: identifiers not yet seen together, or an earlier time. */
function keepEarlier(unit: Unit, key: string, observation: Observation): boolean {
  const known = unit.observations.get(key);
  if (known === undefined) {
    unit.observations.set(key, observation);
    return true;
  }
  if (observation.first_ms > known.first_ms) return false;
  if (observation.first_ms === known.first_ms && observation.message_id >= known.message_id) return false;
  const { first_ms, cause, source_id, message_id } = observation;
  Object.assign(known, { first_ms, cause, source_id, message_id });
  return true;
}
