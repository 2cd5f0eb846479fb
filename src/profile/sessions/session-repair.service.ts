import type { Turns } from '../../kernel/turns.ts';
import type { PersonSql } from '../../resolve/contract.ts';
import type { OnlineStore } from '../../stores/online/port.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import { SESSIONS, type SessionRow } from '../contract.ts';
import { DIRTY_PREFIX, dirtyKey, sessionKey } from './person-keys.ts';
import { type PersonSessions, unknownPerson } from './person-sessions.ts';
import { reachOf, rederive, type Window, windowOf } from './rederive.ts';
import type { CompiledRules } from './session-rules.ts';
import type { SessionSummary } from './session-summary.ts';
import { eventsOfPeople, standingSessions, storedFrom } from './sessions.sql.ts';
import { type SessionStep, statePut } from './sessions.step.ts';
import { type DerivedRow, sessionsFromEvents } from './sessions-from-events.sql.ts';

/** Makes the sessions of dirty people from their stored events again. */
export interface SessionRepair {
  /** Repairs some of the people who wait; returns how many. Zero also when the sink has not stored all that they ask for. */
  run(): Promise<number>;
  /** From then on these people wait for repair, each from a moment on. */
  mark(people: readonly string[], from_ms: number): Promise<void>;
}

interface Deps {
  readonly online: OnlineStore;
  readonly warehouse: Warehouse;
  readonly sql: PersonSql;
  readonly rules: () => CompiledRules;
  readonly turns: Turns;
  readonly step: SessionStep;
}

const PEOPLE_AT_ONCE = 500;

interface Patient {
  readonly person_id: string;
  readonly state: PersonSessions;
}

export function createSessionRepair(deps: Deps): SessionRepair {
  const { online, warehouse, turns, step } = deps;

  const statesOf = async (people: readonly string[]): Promise<PersonSessions[]> => {
    const found = await online.getMany<PersonSessions>(people.map(sessionKey));
    return found.map((state) => state ?? unknownPerson(0));
  };

  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    const passOn = await turns.take();
    try {
      return await work();
    } finally {
      passOn();
    }
  };

  const repairSome = async (): Promise<number> => {
    const waiting = await online.scan<string>(DIRTY_PREFIX, { limit: PEOPLE_AT_ONCE });
    if (waiting.length === 0) return 0;
    const names = waiting.map((entry) => entry.value);
    const dirty = (await statesOf(names)).map((state, i): Patient => ({ person_id: names[i] ?? '', state }));
    const patients = await storedOnly(dirty, warehouse);
    if (patients.length === 0) return 0;
    const rules = deps.rules();
    const repaired = await examine(patients, rules, deps);
    const people = patients.map((p) => p.person_id);
    // Rows first: a crash in between repeats the repair, which then finds them standing.
    const rows = repaired.flatMap((r) => r.rows.map((row) => JSON.stringify(row)));
    if (rows.length > 0) await warehouse.insert(SESSIONS, rows);
    await online.commit({
      put: repaired.map((r) => statePut(r.person_id, r.state, rules)),
      remove: people.map(dirtyKey),
    });
    step.forget(people);
    return people.length;
  };

  return {
    run: () => inTurn(repairSome),
    mark: (people, from_ms) =>
      inTurn(async () => {
        for (let i = 0; i < people.length; i += PEOPLE_AT_ONCE) {
          const some = people.slice(i, i + PEOPLE_AT_ONCE);
          const states = await statesOf(some);
          await online.commit({
            put: some.flatMap((person_id, n) => {
              const state = states[n] ?? unknownPerson(0);
              const dirty_from_ms = Math.min(from_ms, state.dirty_from_ms ?? from_ms);
              return [
                { key: sessionKey(person_id), value: { ...state, dirty_from_ms } },
                { key: dirtyKey(person_id), value: person_id },
              ];
            }),
          });
          step.forget(some);
        }
      }),
  };
}

/** Leaves out those of whom the sink has not yet stored every event that was counted. */
async function storedOnly(patients: readonly Patient[], warehouse: Warehouse): Promise<Patient[]> {
  const least = Math.min(...patients.map((p) => p.state.position));
  const [sink] = await warehouse.query<{ stored: number }>(storedFrom(least));
  return patients.filter((p) => p.state.position <= (sink?.stored ?? 0));
}

const dirtyFrom = ({ state }: Patient): number => state.dirty_from_ms ?? state.horizon_ms;

/** Asks the warehouse for what stands and for what the events say, and compares. */
async function examine(patients: readonly Patient[], rules: CompiledRules, { warehouse, sql }: Deps) {
  const people = patients.map((p) => p.person_id);
  const reach_ms = Math.min(...patients.map((p) => reachOf(dirtyFrom(p), rules)));
  const rows = Map.groupBy(
    await warehouse.query<SessionRow>(standingSessions(people, reach_ms)),
    (row) => row.person_id,
  );
  const windows = new Map<string, Window>(
    patients.map((p) => [p.person_id, windowOf(dirtyFrom(p), rows.get(p.person_id) ?? [], rules)]),
  );
  const froms = new Map([...windows].map(([person_id, window]) => [person_id, window.from_ms]));
  const query = sessionsFromEvents(sql, eventsOfPeople(froms), rules);
  const derived = Map.groupBy(await warehouse.query<DerivedRow>(query), (row) => row.person_id);
  return patients.map(({ person_id, state }) => {
    const window = windows.get(person_id) ?? { from_ms: 0, horizon_ms: 0 };
    const sessions = (derived.get(person_id) ?? [])
      .toSorted((a, b) => a.start_ms - b.start_ms)
      .map(summaryOf);
    const standing = (rows.get(person_id) ?? []).filter(
      (row) => Date.parse(row.started_at) >= window.from_ms,
    );
    // Of what came by another identifier, a standing row may know more than the events that are left.
    const position = Math.max(
      state.position,
      ...sessions.map((s) => s.version),
      ...standing.map((row) => row.version),
    );
    return {
      person_id,
      ...rederive(person_id, state, { window, derived: sessions, standing, position }, rules),
    };
  });
}

export function summaryOf(row: DerivedRow): SessionSummary {
  const none = row.entry_path === '';
  return {
    session_id: row.session_id,
    opened: 0,
    start_ms: row.start_ms,
    start_tie: `${row.start_message}\0${row.start_source}`,
    end_ms: row.end_ms,
    end_tie: `${row.end_message}\0${row.end_source}`,
    events: row.events,
    pages: row.pages,
    campaign: row.campaign,
    entry: none
      ? null
      : { at_ms: row.entry_ms, tie: `${row.entry_message}\0${row.entry_source}`, path: row.entry_path },
    referrer: none ? '' : row.entry_referrer,
    exit: none
      ? null
      : { at_ms: row.exit_ms, tie: `${row.exit_message}\0${row.exit_source}`, path: row.exit_path },
    bot: row.bot,
    reopened: 0,
    touched_ms: row.touched_ms,
    version: row.position,
  };
}
