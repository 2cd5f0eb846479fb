import type { Clock } from '../kernel/clock.ts';
import type { TableRef } from '../kernel/sql.ts';
import type { NodeId, ResolvedBatch, ResolvedEvent } from '../resolve/contract.ts';
import type { Changes, OnlineStore, Put } from '../stores/online/port.ts';
import type { ComputedTraits } from './computed/compile.ts';
import { prune } from './computed/window.ts';
import { GROUP_MEMBERS, GROUP_TRAITS, TRAITS } from './contract.ts';
import type { NodeStates } from './node-states.service.ts';
import { readEventJson } from './state/event-json.ts';
import { type GroupName, groupOf, groupStateKey } from './state/group-key.ts';
import { addToGroup, type GroupState } from './state/group-state.ts';
import { addToNode, type NodeDraft, type NodeState, newDraft } from './state/node-state.ts';
import { COUNTED_KEY, nodeKey, REVISION_KEY } from './state/profile-keys.ts';
import { groupRows, memberRows, traitRows } from './state/trait-rows.ts';

/**
 * Profiles as a step of the people feed (app/people-feed.ts): add batches in the order of the log, take what they
 * changed, store the rows, commit the states, say `committed()`; or `reset()`, and add again.
 */
export interface ProfileStep {
  add(batch: ResolvedBatch): Promise<void>;
  take(): Promise<{
    readonly rows: readonly { readonly into: TableRef; readonly lines: readonly string[] }[];
    readonly online: Changes;
  }>;
  committed(): void;
  reset(): void;
  /** What was counted of a node, committed or not, in the order of `nodes`. */
  statesOf(nodes: readonly NodeId[]): Promise<(NodeState | undefined)[]>;
  /** The next version of rows; for the other writers of the same tables. */
  nextRevision(): Promise<number>;
}

interface NodeWork {
  readonly before: NodeState | undefined;
  readonly now: NodeDraft;
  readonly changed: Set<string>;
}

interface GroupWork {
  readonly name: GroupName;
  now: GroupState | undefined;
  readonly changed: Set<string>;
}

/** Nodes whose rows and states are written before the event loop gets a turn. */
const TAKE_TURN = 500;

export function createProfileStep(deps: {
  readonly online: OnlineStore;
  readonly clock: Clock;
  readonly computed: () => ComputedTraits;
  readonly states: NodeStates;
}): ProfileStep {
  const { online, clock, computed, states } = deps;
  const nodes = new Map<NodeId, NodeWork>();
  const groups = new Map<string, GroupWork>();
  let counted = 0;
  let revision: number | undefined;

  async function load(events: readonly ResolvedEvent[]): Promise<void> {
    const missing = [...new Set(events.map((event) => event.node).filter((node) => !nodes.has(node)))];
    const found = await states.get(missing);
    missing.forEach((node, i) => {
      const before = found[i];
      nodes.set(node, { before, now: newDraft(before), changed: new Set() });
    });
    const named = events
      .filter(({ event }) => event.type === 'group' && event.group_id !== '')
      .map(nameOfGroup);
    const unknown = new Map(
      named.map((name) => [groupStateKey(name), name] as const).filter(([key]) => !groups.has(key)),
    );
    if (unknown.size === 0) return;
    const known = await online.getMany<GroupState>([...unknown.keys()]);
    [...unknown].forEach(([key, name], i) => {
      groups.set(key, { name, now: known[i], changed: new Set() });
    });
  }

  async function nextRevision(): Promise<number> {
    revision ??= (await online.get<number>(REVISION_KEY)) ?? 0;
    revision += 1;
    return revision;
  }

  return {
    async add({ events }) {
      if (events.length === 0) return;
      await load(events);
      const traits = computed();
      for (const resolved of events) {
        const { node, position, event } = resolved;
        counted = Math.max(counted, position);
        const work = nodes.get(node);
        if (work === undefined || position <= work.now.position) continue;
        addToNode(work.now, event, position, traits, work.changed);
        if (event.type === 'group' && event.group_id !== '') addGroupEvent(groups, resolved);
      }
    },
    async take() {
      if (nodes.size === 0) return { rows: [], online: {} };
      const version = await nextRevision();
      const traits = computed();
      const now_ms = clock.now_ms();
      const lines = { traits: [] as string[], members: [] as string[], groups: [] as string[] };
      const put: Put[] = [];
      let done = 0;
      for (const [node, { before, now, changed }] of nodes) {
        if (before !== undefined && before.position === now.position) continue;
        pruneAll(now, traits, now_ms);
        lines.traits.push(...traitRows(node, before, now, changed, version));
        lines.members.push(...memberRows(node, before, now, version));
        put.push({ key: nodeKey(node), value: now });
        if (++done % TAKE_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      for (const [key, { name, now, changed }] of groups) {
        if (now === undefined || changed.size === 0) continue;
        lines.groups.push(...groupRows(name, now, changed, version));
        put.push({ key, value: now });
      }
      put.push({ key: REVISION_KEY, value: version }, { key: COUNTED_KEY, value: counted });
      return {
        rows: [
          { into: TRAITS, lines: lines.traits },
          { into: GROUP_MEMBERS, lines: lines.members },
          { into: GROUP_TRAITS, lines: lines.groups },
        ].filter((rows) => rows.lines.length > 0),
        online: { put },
      };
    },
    committed() {
      for (const [node, { now }] of nodes) states.put(node, now);
      nodes.clear();
      groups.clear();
    },
    reset() {
      nodes.clear();
      groups.clear();
      // What was added will come again, perhaps in other batches: until then less is counted.
      counted = 0;
      states.forgetAll();
    },
    async statesOf(asked) {
      const elsewhere = asked.filter((node) => !nodes.has(node));
      const found = new Map((await states.get(elsewhere)).map((state, i) => [elsewhere[i], state]));
      return asked.map((node) => {
        const work = nodes.get(node);
        return work === undefined ? found.get(node) : work.now.position === 0 ? work.before : work.now;
      });
    },
    nextRevision,
  };
}

const nameOfGroup = ({ event }: ResolvedEvent): GroupName =>
  groupOf(event, readEventJson(event.traits), readEventJson(event.context));

function addGroupEvent(groups: ReadonlyMap<string, GroupWork>, { event }: ResolvedEvent): void {
  const said = readEventJson(event.traits);
  const work = groups.get(groupStateKey(groupOf(event, said, readEventJson(event.context))));
  if (work === undefined) return;
  work.now = addToGroup(work.now, said, Date.parse(event.timestamp), event.source_id, work.changed);
}

/** Buckets that no question can reach any more, and traits that are no longer defined. */
export function pruneAll(state: NodeDraft, traits: ComputedTraits, now_ms: number): void {
  for (const [name, counted] of Object.entries(state.computed)) {
    const trait = traits.of_events.get(name);
    if (trait?.id === counted.id) state.computed[name] = prune(trait, counted, now_ms);
    else if (trait === undefined) delete state.computed[name];
  }
}
