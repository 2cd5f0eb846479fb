import { type Clock, DAY_MS } from '../../kernel/clock.ts';
import { assert } from '../../kernel/errors.ts';
import type { PersonResolver } from '../../resolve/contract.ts';
import type { Changes, OnlineStore, Put } from '../../stores/online/port.ts';
import type { SessionRow } from '../contract.ts';
import { dirtyKey, sessionKey } from './person-keys.ts';
import { addToSessions, type PersonSessions, type SessionChanges, unknownPerson } from './person-sessions.ts';
import { readSessionEvent, type StoredEvent } from './session-event.ts';
import type { CompiledRules } from './session-rules.ts';
import { sessionRow } from './session-summary.ts';
import type { Turns } from './turns.ts';

/**
 * Sessions as a step of the pipeline. Run a batch, store its rows and commit its changes together with the log
 * position, then say `committed()`; when either fails, say `reset()` and run the batch again: it gives the same rows.
 */
export interface SessionStep {
  /** Events in the order of the log, those stored only. Waits while a repair is at work. */
  run(events: readonly StoredEvent[]): Promise<{ readonly rows: string[]; readonly online: Changes }>;
  committed(): void;
  reset(): void;
  /** The store has something newer for these people. */
  forget(people: readonly string[]): void;
}

interface Deps {
  readonly online: OnlineStore;
  readonly resolver: PersonResolver;
  readonly clock: Clock;
  readonly rules: () => CompiledRules;
  readonly turns: Turns;
  /** People kept in memory between batches. */
  readonly people_max?: number;
}

/** A person leaves the store this much later than the rules need, so that a pipeline may lag behind by as much. */
const GRACE_MS = 7 * DAY_MS;

/** A person of the batch at work. */
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
  let passOn: (() => void) | undefined;

  const load = async (events: readonly StoredEvent[]): Promise<Map<string, Work>> => {
    const work = new Map<string, Work>();
    const missing: string[] = [];
    for (const { event } of events) {
      const person_id = deps.resolver.personOf(event);
      if (person_id === '' || work.has(person_id)) continue;
      const before = memory.get(person_id);
      work.set(person_id, { person_id, before, now: before, changes: new Map() });
      if (before === undefined) missing.push(person_id);
    }
    const found = await deps.online.getMany<PersonSessions>(missing.map(sessionKey));
    missing.forEach((person_id, i) => {
      const before = found[i];
      work.set(person_id, { person_id, before, now: before, changes: new Map() });
    });
    return work;
  };

  const end = () => {
    pending = undefined;
    passOn?.();
    passOn = undefined;
  };

  return {
    async run(events) {
      assert(pending === undefined, 'the last batch of sessions was neither committed nor reset');
      passOn = await deps.turns.take();
      try {
        pending = await load(events);
        const rules = deps.rules();
        count(events, pending, rules, deps);
        return { rows: rowsOf(pending, rules), online: { put: putsOf(pending, rules) } };
      } catch (error) {
        end();
        throw error;
      }
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
      end();
    },
    reset() {
      memory.clear();
      end();
    },
    forget(people) {
      for (const person_id of people) memory.delete(person_id);
    },
  };
}

function count(
  events: readonly StoredEvent[],
  work: ReadonlyMap<string, Work>,
  rules: CompiledRules,
  { resolver, clock }: Deps,
): void {
  const latest_ms = clock.now_ms() - GRACE_MS;
  for (const stored of events) {
    const person = work.get(resolver.personOf(stored.event));
    if (person === undefined) continue;
    const read = readSessionEvent(stored);
    const state = person.now ?? unknownPerson(Math.max(read.received_ms, latest_ms) - rules.keep_ms);
    person.now = addToSessions(person.person_id, state, read, rules, person.changes);
  }
}

function rowsOf(work: ReadonlyMap<string, Work>, rules: CompiledRules): string[] {
  const rows: string[] = [];
  for (const { person_id, changes } of work.values()) {
    for (const { session, removed } of changes.values()) {
      const row: SessionRow = sessionRow(person_id, session, rules);
      rows.push(JSON.stringify(removed ? { ...row, removed: 1 } : row));
    }
  }
  return rows;
}

function putsOf(work: ReadonlyMap<string, Work>, rules: CompiledRules): Put[] {
  const puts: Put[] = [];
  for (const { person_id, before, now } of work.values()) {
    if (now === undefined || now === before) continue;
    puts.push(statePut(person_id, now, rules));
    const isNewlyDirty = now.dirty_from_ms !== null && (before?.dirty_from_ms ?? null) === null;
    if (isNewlyDirty) puts.push({ key: dirtyKey(person_id), value: person_id });
  }
  return puts;
}

/** A state that waits for repair stays; any other goes when no event can ask for it any more. */
export function statePut(person_id: string, state: PersonSessions, rules: CompiledRules): Put {
  const put = { key: sessionKey(person_id), value: state };
  if (state.dirty_from_ms !== null) return put;
  const newest_ms = state.sessions.at(-1)?.end_ms ?? state.horizon_ms;
  return { ...put, expires_at_ms: newest_ms + rules.keep_ms + GRACE_MS };
}
