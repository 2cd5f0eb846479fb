import { IMPORT_BASE } from '../collect/contract.ts';
import type { Clock } from '../kernel/clock.ts';
import { join, type Sql, sql } from '../kernel/sql.ts';
import type { Turns } from '../kernel/turns.ts';
import type { NodeId, PersonNodeSql } from '../resolve/contract.ts';
import type { OnlineStore, Put } from '../stores/online/port.ts';
import type { Warehouse } from '../stores/warehouse/port.ts';
import type { ComputedTraits, EventTrait } from './computed/compile.ts';
import { concerns, countsFor } from './computed/computed.sql.ts';
import { GROUP_MEMBERS, GROUP_TRAITS, TRAITS } from './contract.ts';
import type { NodeStates } from './node-states.service.ts';
import { type ProfileStep, pruneAll } from './profile.step.ts';
import { countEvents, type HistoryRow, historyOf, type Slice } from './rebuild.sql.ts';
import { readEventJson } from './state/event-json.ts';
import { type GroupName, groupOf, groupStateKey } from './state/group-key.ts';
import { addToGroup, type GroupState } from './state/group-state.ts';
import { addToNode, type NodeDraft, type NodeState, newDraft, own } from './state/node-state.ts';
import {
  COUNTED_KEY,
  NOTHING_READY,
  nodeKey,
  READY_KEY,
  REVISION_KEY,
  type ReadyTraits,
} from './state/profile-keys.ts';
import { groupRows, memberRows, traitRows } from './state/trait-rows.ts';

/**
 * States from the events in the warehouse, through the code that the stream counts with. Slice by slice, each while no
 * event is counted: a node is rebuilt up to the position that its state has reached, and counts on from there.
 */
export interface Rebuild {
  /** Of history that was written in bulk, once it is in `events` and has its people. Safe to run again. */
  importHistory(range: {
    from: Date;
    to: Date;
  }): Promise<{ readonly nodes: number; readonly events: number }>;
  /** Counts computed traits that are new or other than before; false when there are none. */
  countComputed(signal: AbortSignal): Promise<boolean>;
  /** Which computed traits may be read. */
  ready(): ReadyTraits | Promise<ReadyTraits>;
}

interface Deps {
  readonly online: OnlineStore;
  readonly warehouse: Warehouse;
  readonly clock: Clock;
  readonly turns: Turns;
  readonly sql: PersonNodeSql;
  readonly computed: () => ComputedTraits;
  readonly states: NodeStates;
  readonly step: ProfileStep;
}

/** About this many events are in memory at once. */
const SLICE_EVENTS = 40_000;
const COMMIT_STATES = 2_000;
const QUERY_MS = 600_000;

interface Rebuilt {
  readonly node: NodeId;
  readonly before: NodeState | undefined;
  readonly now: NodeDraft;
  readonly changed: Set<string>;
}

export function createRebuild(deps: Deps): Rebuild {
  const { online, warehouse, clock, turns, sql: people, computed, states, step } = deps;
  /** Undefined until it was read from the store. */
  let ready: ReadyTraits | undefined;
  const whatIsReady = async (): Promise<ReadyTraits> => (ready ??= await readReady(online));

  const slices = async (): Promise<number> => {
    const [row] = await warehouse.query<{ events: number }>(countEvents());
    return Math.max(1, Math.ceil((row?.events ?? 0) / SLICE_EVENTS));
  };
  const countedUpTo = async (): Promise<number> => (await online.get<number>(COUNTED_KEY)) ?? 0;
  const read = (slice: Slice, which: Parameters<typeof historyOf>[2]) =>
    warehouse.query<HistoryRow & { node_key: NodeId }>(historyOf(slice, people, which), {
      timeout_ms: QUERY_MS,
    });

  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    const passOn = await turns.take();
    try {
      return await work();
    } finally {
      passOn();
    }
  };

  /** Counts the rows of each node, as far as its state has come. The warehouse is ahead of the states. */
  async function rebuilt(
    rows: readonly (HistoryRow & { node_key: NodeId })[],
    counted: number,
    traits: ComputedTraits,
    onto: (before: NodeState | undefined) => NodeDraft,
  ): Promise<Rebuilt[]> {
    const of_node = Map.groupBy(rows, (row) => row.node_key);
    const nodes = [...of_node.keys()];
    const before = await states.get(nodes);
    const results: Rebuilt[] = [];
    for (const [i, node] of nodes.entries()) {
      const state = before[i];
      const upto = Math.max(counted, state?.position ?? 0);
      const now = onto(state);
      const changed = new Set<string>();
      for (const row of of_node.get(node) ?? []) {
        if (row.position <= upto || row.position >= IMPORT_BASE)
          addToNode(now, row, row.position, traits, changed);
      }
      now.position = upto;
      results.push({ node, before: state, now, changed });
      if (i % 500 === 499) await new Promise((resolve) => setImmediate(resolve));
    }
    return results;
  }

  async function write(
    results: readonly Rebuilt[],
    groups: readonly Put[],
    group_lines: readonly string[],
  ): Promise<void> {
    const version = await step.nextRevision();
    await warehouse.insert(
      TRAITS,
      results.flatMap((r) => traitRows(r.node, r.before, r.now, r.changed, version)),
    );
    await warehouse.insert(
      GROUP_MEMBERS,
      results.flatMap((r) => memberRows(r.node, r.before, r.now, version)),
    );
    await warehouse.insert(GROUP_TRAITS, group_lines);
    await commitStates(results, groups, version);
  }

  async function commitStates(
    results: readonly Rebuilt[],
    more: readonly Put[],
    version: number,
  ): Promise<void> {
    const traits = computed();
    const now_ms = clock.now_ms();
    for (const { now } of results) pruneAll(now, traits, now_ms);
    const put = [...results.map(({ node, now }): Put => ({ key: nodeKey(node), value: now })), ...more];
    for (let at = 0; at < put.length; at += COMMIT_STATES) {
      const some = put.slice(at, at + COMMIT_STATES);
      await online.commit({ put: [...some, { key: REVISION_KEY, value: version }] });
    }
    for (const { node, now } of results) states.put(node, now);
  }

  async function groupsOf(rows: readonly HistoryRow[]): Promise<{ puts: Put[]; lines: string[] }> {
    const named = new Map<string, { name: GroupName; rows: HistoryRow[] }>();
    for (const row of rows) {
      if (row.type !== 'group' || row.group_id === '') continue;
      const name = groupOf(row, readEventJson(row.traits), readEventJson(row.context));
      const key = groupStateKey(name);
      const known = named.get(key) ?? { name, rows: [] };
      known.rows.push(row);
      named.set(key, known);
    }
    if (named.size === 0) return { puts: [], lines: [] };
    const before = await online.getMany<GroupState>([...named.keys()]);
    const version = await step.nextRevision();
    const puts: Put[] = [];
    const lines: string[] = [];
    [...named].forEach(([key, { name, rows: of_group }], i) => {
      const changed = new Set<string>();
      let state = before[i];
      for (const row of of_group)
        state = addToGroup(
          state,
          readEventJson(row.traits),
          Date.parse(row.timestamp),
          row.source_id,
          changed,
        );
      if (state === undefined || changed.size === 0) return;
      puts.push({ key, value: state });
      lines.push(...groupRows(name, state, changed, version));
    });
    return { puts, lines };
  }

  async function countSlice(slice: Slice, traits: readonly EventTrait[]): Promise<void> {
    const counted = await countedUpTo();
    const rows = await read(slice, { matching: anyOf(traits.map(countsFor)), counting: sql`1` });
    const only = onlyThese(computed(), traits);
    const results = await rebuilt(rows, counted, only, () => newDraft());
    const merged = results.map(({ node, before, now }): Rebuilt => {
      const draft = newDraft(before);
      if (before === undefined) draft.position = now.position;
      for (const { name } of traits) {
        const state = own(now.computed, name);
        if (state === undefined) delete draft.computed[name];
        else draft.computed[name] = state;
      }
      return { node, before, now: draft, changed: new Set() };
    });
    await commitStates(merged, [], await step.nextRevision());
  }

  async function setReady(next: ReadyTraits): Promise<void> {
    await online.commit({ put: [{ key: READY_KEY, value: next }] });
    ready = next;
  }

  return {
    ready: () => ready ?? whatIsReady(),
    async importHistory({ from, to }) {
      const imported_in = { from_ms: from.getTime(), to_ms: to.getTime() };
      const counting = anyOf([...computed().of_events.values()].map(concerns));
      const of = await slices();
      let nodes = 0;
      let events = 0;
      for (let index = 0; index < of; index++) {
        await inTurn(async () => {
          const counted = await countedUpTo();
          const rows = await read({ of, index }, { matching: sql`1`, counting, imported_in });
          const results = await rebuilt(rows, counted, computed(), (before) => ({
            ...newDraft(before),
            computed: {},
          }));
          const groups = await groupsOf(rows);
          await write(results, groups.puts, groups.lines);
          nodes += results.length;
          events += rows.length;
        });
      }
      return { nodes, events };
    },
    async countComputed(signal) {
      const traits = computed();
      const known = (await whatIsReady()).ready;
      const missing = [...traits.of_events.values()].filter(({ name, id }) => known[name] !== id);
      const gone = Object.keys(known).filter((name) => !traits.of_events.has(name));
      if (missing.length === 0 && gone.length === 0) return false;
      const stay = Object.fromEntries(
        Object.entries(known).filter(([name, id]) => traits.of_events.get(name)?.id === id),
      );
      const ids = Object.fromEntries(missing.map(({ name, id }) => [name, id]));
      const of = await slices();
      for (let index = 0; index < of && missing.length > 0; index++) {
        // Another release: begin again with what it says.
        if (signal.aborted || computed() !== traits) return true;
        // Before its states change: what is counted anew is unknown from here on, also after a crash.
        await setReady({ ready: stay, counting: { ids, share: index / of } });
        await inTurn(() => countSlice({ of, index }, missing));
      }
      await setReady({ ready: { ...stay, ...ids }, counting: null });
      return true;
    },
  };
}

const anyOf = (conditions: readonly Sql[]): Sql =>
  conditions.length === 0
    ? sql`0`
    : join(
        conditions.map((condition) => sql`(${condition})`),
        ' OR ',
      );

/** The same release, with some of its computed traits only. */
function onlyThese(all: ComputedTraits, traits: readonly EventTrait[]): ComputedTraits {
  const kept = new Set(traits);
  return {
    ...all,
    of_events: new Map(traits.map((trait) => [trait.name, trait])),
    candidates: (type, event) => all.candidates(type, event).filter((trait) => kept.has(trait)),
  };
}

export const readReady = async (online: Pick<OnlineStore, 'get'>): Promise<ReadyTraits> =>
  (await online.get<ReadyTraits>(READY_KEY)) ?? NOTHING_READY;
