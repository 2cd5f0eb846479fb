import { type Clock, DAY_MS } from '../../kernel/clock.ts';
import { NOBODY, type NodeMove } from '../../resolve/contract.ts';
import type { Changes, OnlineStore, Put } from '../../stores/online/port.ts';
import type { SessionRow } from '../contract.ts';
import { dirtyKey, sessionKey } from './person-keys.ts';
import { addToSessions, type PersonSessions, type SessionChanges, unknownPerson } from './person-sessions.ts';
import { isInSessions, readSessionEvent, type StoredEvent } from './session-event.ts';
import type { CompiledRules } from './session-rules.ts';
import { sessionRow } from './session-summary.ts';

/**
 * Sessions as a step of the pipeline. Add batches as they come; once in a while take what they changed, store its rows,
 * commit its changes together with the log position that they reach, and say `committed()`. When anything fails, say
 * `reset()` and add again from the last committed position: it gives the same sessions, and no event counts twice.
 * The caller holds the turn from the first call until `committed()` or `reset()`.
 */
export interface SessionStep {
  /** Counts stored events, in the order of the log. */
  add(events: readonly StoredEvent[]): Promise<void>;
  /** People who lost or got identifiers, and with them events of any time: all their sessions wait for repair. */
  move(moves: readonly Pick<NodeMove, 'from' | 'to'>[]): Promise<void>;
  /** What all that was added has changed: one row for each session, however many events it got. */
  take(): Promise<{ readonly rows: string[]; readonly online: Changes }>;
  committed(): void;
  reset(): void;
  /** The store has something newer for these people. */
  forget(people: readonly string[]): void;
}

interface Deps {
  readonly online: OnlineStore;
  readonly clock: Clock;
  readonly rules: () => CompiledRules;
  /** People kept in memory between batches. */
  readonly people_max?: number;
}

/** A person leaves the store this much later than the rules need, so that a pipeline may lag behind by as much. */
const GRACE_MS = 7 * DAY_MS;

/** People whose rows and states are written before the event loop gets a turn. */
const TAKE_TURN = 500;

/** A person who changed since the last commit. */
interface Work {
  readonly person_id: string;
  readonly before: PersonSessions | undefined;
  now: PersonSessions | undefined;
  readonly changes: SessionChanges;
}

export function createSessionStep(deps: Deps): SessionStep {
  const { people_max = 20_000 } = deps;
  /** Committed states only, the least recently used first. */
  const memory = new Map<string, PersonSessions>();
  let pending: Map<string, Work> | undefined;

  /** Brings in everybody of the batch who is not at work yet. */
  const load = async (people: Iterable<string>, work: Map<string, Work>): Promise<void> => {
    const missing: string[] = [];
    for (const person_id of people) {
      if (work.has(person_id)) continue;
      const before = memory.get(person_id);
      work.set(person_id, { person_id, before, now: before, changes: new Map() });
      if (before === undefined) missing.push(person_id);
    }
    const found = await deps.online.getMany<PersonSessions>(missing.map(sessionKey));
    missing.forEach((person_id, i) => {
      const before = found[i];
      work.set(person_id, { person_id, before, now: before, changes: new Map() });
    });
  };

  return {
    async add(stored) {
      const events = stored.filter((one) => one.person !== NOBODY && isInSessions(one));
      if (events.length === 0) return;
      pending ??= new Map();
      const work = pending;
      await load(people(events), work);
      count(events, work, deps.rules(), deps.clock);
    },
    async move(moves) {
      if (moves.length === 0) return;
      pending ??= new Map();
      const work = pending;
      const concerned = new Set<string>(moves.flatMap(({ from, to }) => [from, to]));
      await load(concerned, work);
      for (const person_id of concerned) {
        const person = work.get(person_id);
        if (person !== undefined) person.now = { ...(person.now ?? unknownPerson(0)), dirty_from_ms: 0 };
      }
    },
    async take() {
      const rows: string[] = [];
      const put: Put[] = [];
      const rules = deps.rules();
      let done = 0;
      for (const work of pending?.values() ?? []) {
        addRows(work, rules, rows);
        addPuts(work, rules, put);
        if (++done % TAKE_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      return { rows, online: { put } };
    },
    committed() {
      for (const { person_id, now } of pending?.values() ?? []) {
        memory.delete(person_id);
        if (now !== undefined) memory.set(person_id, now);
      }
      for (const person_id of memory.keys()) {
        if (memory.size <= people_max) break;
        memory.delete(person_id);
      }
      pending = undefined;
    },
    reset() {
      memory.clear();
      pending = undefined;
    },
    forget(people) {
      for (const person_id of people) memory.delete(person_id);
    },
  };
}

const people = function* (events: readonly StoredEvent[]): Generator<string> {
  for (const { person } of events) yield person;
};

function count(
  events: readonly StoredEvent[],
  work: ReadonlyMap<string, Work>,
  rules: CompiledRules,
  clock: Clock,
): void {
  const latest_ms = clock.now_ms() - GRACE_MS;
  for (const stored of events) {
    const person = work.get(stored.person);
    if (person === undefined) continue;
    const read = readSessionEvent(stored);
    const state = person.now ?? unknownPerson(Math.max(read.received_ms, latest_ms) - rules.keep_ms);
    person.now = addToSessions(person.person_id, state, read, rules, person.changes);
  }
}

function addRows({ person_id, changes }: Work, rules: CompiledRules, rows: string[]): void {
  for (const { session, removed } of changes.values()) {
    const row: SessionRow = sessionRow(person_id, session, rules);
    rows.push(JSON.stringify(removed ? { ...row, removed: 1 } : row));
  }
}

function addPuts({ person_id, before, now }: Work, rules: CompiledRules, puts: Put[]): void {
  if (now === undefined || now === before) return;
  puts.push(statePut(person_id, now, rules));
  const isNewlyDirty = now.dirty_from_ms !== null && (before?.dirty_from_ms ?? null) === null;
  if (isNewlyDirty) puts.push({ key: dirtyKey(person_id), value: person_id });
}

/** A state that waits for repair stays; any other goes when no event can ask for it any more. */
export function statePut(person_id: string, state: PersonSessions, rules: CompiledRules): Put {
  const put = { key: sessionKey(person_id), value: state };
  if (state.dirty_from_ms !== null) return put;
  const newest_ms = state.sessions.at(-1)?.end_ms ?? state.horizon_ms;
  return { ...put, expires_at_ms: newest_ms + rules.keep_ms + GRACE_MS };
}
