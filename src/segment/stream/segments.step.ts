import type { Clock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import type { PersonId } from '../../kernel/ids.ts';
import type { TableRef } from '../../kernel/sql.ts';
import type { ProfileReader } from '../../profile/contract.ts';
import {
  NOBODY,
  type NodeId,
  type PersonDirectory,
  type ResolvedBatch,
  type ResolvedEvent,
} from '../../resolve/contract.ts';
import type { Changes, OnlineStore, Put } from '../../stores/online/port.ts';
import { SEGMENT_CHANGES, SEGMENT_MEMBERS, type SegmentChange } from '../contract.ts';
import { readable } from '../rules/event-field.ts';
import { OWN_SOURCE } from '../rules/signal.ts';
import { type Decided, decide, newTouch, type Outcome, type Touch } from './decide.service.ts';
import { type MemberState, memberKey } from './member-state.ts';
import {
  addMark,
  draftOf,
  type HistoryDraft,
  historyKey,
  NO_HISTORY,
  type NodeHistory,
  prune,
} from './node-history.ts';
import { marksOf, PARTED_RUN_PREFIX, PARTED_SCAN_PREFIX } from './parted.ts';
import { createStateCache, type StateCache } from './state-cache.ts';
import type { Streamed } from './streamed.ts';

interface StepRows {
  readonly rows: readonly { readonly into: TableRef; readonly lines: readonly string[] }[];
  readonly online: Changes;
}

/**
 * Segments as a step of the people feed (app/people-feed.ts). Marks are counted as events come; people are looked at once
 * when a batch of the feed is taken, so that a hundred events of a person cost one look.
 */
export interface SegmentStep {
  add(batch: ResolvedBatch): Promise<void>;
  take(): Promise<StepRows>;
  committed(): void;
  reset(): void;
}

export interface Watched {
  readonly people: ReadonlySet<PersonId>;
  /** Those of them who were joined or parted. */
  readonly moved: ReadonlySet<PersonId>;
}

/** The same for those who hold the turn between batches. */
export interface SegmentStates {
  /** Everything of the log up to here is in the committed states. */
  position(): Promise<number>;
  /** Version of rows that are about to be written. */
  nextVersion(): Promise<number>;
  /** Looks at people again; commit the outcome, then say `keep`. */
  look(people: ReadonlyMap<PersonId, SegmentChange['cause']>, version: number): Promise<Outcome>;
  keep(outcome: Outcome): void;
  /** From now on everybody whom the stream looks at is named, and looked at wholly; until `end()`. */
  watch(): Watched & { end(): void };
  readonly members: StateCache<MemberState>;
  readonly histories: StateCache<NodeHistory>;
  forgetTraits(): void;
}

export const POSITION_KEY = 'segment:position';
export const VERSION_KEY = 'segment:version';
export const RESPLIT_PREFIX = 'segment-resplit:';

interface Deps {
  readonly online: OnlineStore;
  readonly clock: Clock;
  readonly directory: PersonDirectory;
  readonly reader: ProfileReader;
  readonly streamed: () => Streamed;
  /** Nodes and people kept in memory between batches. */
  readonly memory_max?: number;
}

export function createSegmentStep(deps: Deps): {
  readonly step: SegmentStep;
  readonly states: SegmentStates;
} {
  const { online, clock, streamed, memory_max = 50_000 } = deps;
  const histories = createStateCache<NodeHistory>(online, historyKey, memory_max);
  const members = createStateCache<MemberState>(online, memberKey, memory_max);
  const traits = new Map<PersonId, string>();
  const watchers = new Set<{ readonly people: Set<PersonId>; readonly moved: Set<PersonId> }>();
  const drafts = new Map<NodeId, HistoryDraft>();
  const touches = new Map<PersonId, Touch>();
  const resplit = new Set<NodeId>();
  let counted = 0;
  let committed_position: number | undefined;
  let version: number | undefined;
  let taken: { readonly outcome: Outcome; readonly nodes: ReadonlyMap<NodeId, NodeHistory> } | undefined;

  const touch = (person: PersonId): Touch => {
    const found = touches.get(person) ?? newTouch('event');
    touches.set(person, found);
    return found;
  };

  async function loadDrafts(events: readonly ResolvedEvent[]): Promise<void> {
    const missing = [...new Set(events.map((event) => event.node))].filter((node) => !drafts.has(node));
    const found = await histories.get(missing);
    missing.forEach((node, i) => {
      drafts.set(node, draftOf(found[i] ?? NO_HISTORY));
    });
  }

  const decideDeps = {
    directory: deps.directory,
    reader: deps.reader,
    members,
    traitsBefore: (person: PersonId) => traits.get(person),
    async historiesOf(nodes: readonly NodeId[]) {
      const stored = nodes.filter((node) => !drafts.has(node));
      const found = new Map((await histories.get(stored)).map((history, i) => [stored[i], history]));
      return nodes.map((node) => drafts.get(node) ?? found.get(node));
    },
  };

  const nextVersion = async (): Promise<number> => {
    version ??= (await online.get<number>(VERSION_KEY)) ?? 0;
    version += 1;
    return version;
  };

  function keep({ decided }: Outcome): void {
    for (const [person, { state, traits: read }] of decided as Map<PersonId, Decided>) {
      members.put(person, state);
      traits.delete(person);
      traits.set(person, read);
    }
    for (const person of traits.keys()) {
      if (traits.size <= memory_max) break;
      traits.delete(person);
    }
  }

  const clear = (): void => {
    drafts.clear();
    touches.clear();
    resplit.clear();
    taken = undefined;
  };

  const position = async (): Promise<number> => {
    committed_position ??= (await online.get<number>(POSITION_KEY)) ?? 0;
    return committed_position;
  };

  const step: SegmentStep = {
    async add({ events, moves, resplit: split = [] }) {
      // After a crash events come again that the states have counted already.
      counted = Math.max(counted, await position());
      for (const resolved of events) counted = Math.max(counted, resolved.position);
      const { follows, carries, signalsFor } = streamed();
      // A node that becomes somebody's again is told as split: its history comes from events.
      const counts = follows ? events.filter(({ person }) => person !== NOBODY) : [];
      await loadDrafts(counts);
      for (const resolved of counts) {
        count(resolved, drafts.get(resolved.node), touch, signalsFor);
      }
      for (const { from, to } of follows || carries ? moves : []) {
        for (const person of [from, to]) Object.assign(touch(person), { whole: true, cause: 'merge' });
        for (const giver of [from, ...touch(from).from]) if (giver !== to) touch(to).from.add(giver);
      }
      if (!follows) return;
      for (const { node, twin } of split) resplit.add(node).add(twin);
    },
    async take() {
      if (touches.size === 0 && resplit.size === 0) {
        const moved = counted > (await position());
        return { rows: [], online: moved ? { put: [{ key: POSITION_KEY, value: counted }] } : {} };
      }
      const now_ms = clock.now_ms();
      const { keepMs } = streamed();
      if (watchers.size > 0) for (const one of touches.values()) one.whole = true;
      for (const { people, moved } of watchers) {
        for (const [person, { cause }] of touches) {
          people.add(person);
          if (cause === 'merge') moved.add(person);
        }
      }
      const at = { now_ms, version: await nextVersion() };
      const outcome = await decide(touches, streamed(), at, decideDeps);
      const changed = [...drafts].filter(([, draft]) => draft.changed);
      const nodes = new Map(changed.map(([node, draft]) => [node, prune(draft, keepMs, now_ms)]));
      taken = { outcome, nodes };
      const put = [
        ...[...nodes].map(([node, history]) => ({ key: historyKey(node), value: history })),
        ...[...resplit].map((node) => ({ key: `${RESPLIT_PREFIX}${node}`, value: 1 })),
        ...outcome.put,
        ...waiting(outcome, streamed(), at.version),
        { key: POSITION_KEY, value: counted },
        { key: VERSION_KEY, value: at.version },
      ];
      return { rows: rowsOf(outcome), online: { put, remove: outcome.remove } };
    },
    committed() {
      if (taken !== undefined) {
        keep(taken.outcome);
        for (const [node, history] of taken.nodes) histories.put(node, history);
      }
      if (committed_position !== undefined) committed_position = Math.max(committed_position, counted);
      clear();
    },
    reset() {
      clear();
      histories.clear();
      members.clear();
      traits.clear();
      version = undefined;
      committed_position = undefined;
      counted = 0;
    },
  };

  const states: SegmentStates = {
    async position() {
      if (drafts.size > 0) throw new AppError('conflict', { message: 'The stream has the turn.' });
      return position();
    },
    nextVersion,
    async look(people, at_version) {
      const asked = new Map([...people].map(([person, cause]) => [person, newTouch(cause, true)]));
      return decide(asked, streamed(), { now_ms: clock.now_ms(), version: at_version }, decideDeps);
    },
    keep,
    watch() {
      const watched = { people: new Set<PersonId>(), moved: new Set<PersonId>() };
      watchers.add(watched);
      return { ...watched, end: () => void watchers.delete(watched) };
    },
    members,
    histories,
    forgetTraits: () => traits.clear(),
  };
  return { step, states };
}

/** Puts an event to the signals that it can be of. */
function count(
  { event, position, person }: ResolvedEvent,
  draft: HistoryDraft | undefined,
  touch: (person: PersonId) => Touch,
  signalsFor: Streamed['signalsFor'],
): void {
  if (draft === undefined) return;
  const looked = touch(person);
  if (position <= draft.position) {
    // Counted before a crash, but perhaps not looked at.
    looked.whole = true;
    return;
  }
  draft.position = position;
  const known = event.bot === 0 && event.source_id !== OWN_SOURCE;
  if (!draft.seen || (known && !draft.known)) {
    looked.whole = true;
    draft.changed = true;
    draft.seen = true;
    draft.known ||= known;
  }
  const signals = signalsFor(event.type, event.event);
  if (signals.length === 0) return;
  const read = readable(event);
  const at_ms = Date.parse(event.timestamp);
  for (const signal of signals) {
    const value = signal.read(read);
    if (value === undefined) continue;
    addMark(draft, signal.key, signal.value === undefined ? [at_ms, position] : [at_ms, position, value]);
    looked.signals.add(signal.key);
  }
}

/** Who was taken apart waits for whoever decides the segments that the stream does not. */
const waiting = ({ partings }: Outcome, { scans, discovers }: Streamed, version: number): Put[] => [
  ...(scans ? marksOf(PARTED_SCAN_PREFIX, partings, version) : []),
  ...(discovers ? marksOf(PARTED_RUN_PREFIX, partings, version) : []),
];

export const rowsOf = (outcome: Outcome): StepRows['rows'] =>
  [
    { into: SEGMENT_CHANGES, lines: outcome.changes },
    { into: SEGMENT_MEMBERS, lines: outcome.members },
  ].filter(({ lines }) => lines.length > 0);
