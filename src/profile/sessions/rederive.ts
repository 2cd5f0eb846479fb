import type { SessionRow } from '../contract.ts';
import { dayStart } from './local-day.ts';
import { keepRecent, type PersonSessions } from './person-sessions.ts';
import type { CompiledRules } from './session-rules.ts';
import { isRunaway, type SessionSummary, sessionRow } from './session-summary.ts';

/** What the warehouse says of a person from the window's begin on. */
export interface Evidence {
  readonly window: Window;
  /** Sessions made from the events again, by start. */
  readonly derived: readonly SessionSummary[];
  /** Rows that stand now, not removed, that started in the window. */
  readonly standing: readonly SessionRow[];
  /** Position up to which `derived` counts. */
  readonly position: number;
}

/** From where on to ask again: no session crosses `from_ms`, and none that ended after `horizon_ms` lies before it. */
export interface Window {
  readonly from_ms: number;
  readonly horizon_ms: number;
}

/**
 * The window that a late event at `dirty_from_ms` can touch. `standing` are the person's rows that ended at or after
 * `reachOf(dirty_from_ms)`.
 */
export function windowOf(
  dirty_from_ms: number,
  standing: readonly SessionRow[],
  rules: CompiledRules,
): Window {
  const reach_ms = reachOf(dirty_from_ms, rules);
  const starts = standing
    .filter((row) => Date.parse(row.ended_at) >= reach_ms)
    .map((row) => Date.parse(row.started_at));
  const from_ms = Math.min(rules.rules.midnight ? reach_ms : dirty_from_ms, ...starts);
  // Nothing before the first moment of a day joins what comes after it.
  const horizon_ms = rules.rules.midnight ? from_ms - rules.gap_ms - 1 : Math.min(from_ms, reach_ms);
  return { from_ms, horizon_ms };
}

/** Sessions that ended before this cannot join a late event. */
export const reachOf = (dirty_from_ms: number, rules: CompiledRules): number =>
  rules.rules.midnight ? dayStart(dirty_from_ms, rules.dayOf) : dirty_from_ms - rules.gap_ms;

/**
 * Brings the rows and the remembered state of a person to what the events say. A session keeps its id where it still
 * holds the event that the standing row starts with; ids that nobody claims are removed. Rows that say the same
 * already are left alone.
 */
export function rederive(
  person_id: string,
  state: PersonSessions,
  evidence: Evidence,
  rules: CompiledRules,
): { rows: SessionRow[]; state: PersonSessions } {
  const { position } = evidence;
  const opened = new Map(state.sessions.map((s) => [s.session_id, s.opened]));
  const unclaimed = new Map(evidence.standing.map((row) => [row.session_id, row]));
  const taken = new Set(unclaimed.keys());
  const rows: SessionRow[] = [];
  const sessions = evidence.derived.map((derived) => {
    const row = claim(derived, unclaimed, opened);
    const session =
      row === undefined ? born(derived, position, taken) : reborn(derived, row, opened, position);
    const now = sessionRow(person_id, session, rules);
    if (row === undefined || isRunaway(session, rules) !== (row.runaway === 1) || differs(now, row))
      rows.push(now);
    return session;
  });
  for (const row of unclaimed.values())
    rows.push({ ...row, removed: 1, version: Math.max(position, row.version) });
  const kept = keepRecent(sessions, evidence.window.horizon_ms, rules);
  return { rows, state: { position, dirty_from_ms: null, ...kept } };
}

/** The standing row whose first event lies in the session; of several, the one that was opened first. */
function claim(
  session: SessionSummary,
  unclaimed: Map<string, SessionRow>,
  opened: ReadonlyMap<string, number>,
): SessionRow | undefined {
  let found: SessionRow | undefined;
  for (const row of unclaimed.values()) {
    const start_ms = Date.parse(row.started_at);
    if (start_ms < session.start_ms || start_ms > session.end_ms) continue;
    if (found === undefined || openedAt(row, opened) < openedAt(found, opened)) found = row;
  }
  if (found !== undefined) unclaimed.delete(found.session_id);
  return found;
}

/** Rows that the stream no longer remembers are older than those that it does. */
const openedAt = (row: SessionRow, opened: ReadonlyMap<string, number>): number =>
  opened.get(row.session_id) ?? 0;

function born(derived: SessionSummary, position: number, taken: Set<string>): SessionSummary {
  let session_id = derived.session_id;
  // After a split, the id made from this first event may already name the other half.
  for (let n = 2; taken.has(session_id); n++) session_id = `${derived.session_id}-${n}`;
  taken.add(session_id);
  return { ...derived, session_id, opened: position, reopened: 0, version: position };
}

function reborn(
  derived: SessionSummary,
  row: SessionRow,
  opened: ReadonlyMap<string, number>,
  position: number,
): SessionSummary {
  const grew = derived.events > row.events;
  return {
    ...derived,
    session_id: row.session_id,
    opened: opened.get(row.session_id) ?? 0,
    reopened: row.reopened + (grew ? 1 : 0),
    version: position,
  };
}

function differs(a: SessionRow, b: SessionRow): boolean {
  return (
    a.started_at !== b.started_at ||
    a.ended_at !== b.ended_at ||
    a.events !== b.events ||
    a.pages !== b.pages ||
    a.campaign !== b.campaign ||
    a.entry_path !== b.entry_path ||
    a.exit_path !== b.exit_path ||
    a.referrer !== b.referrer ||
    a.bot !== b.bot
  );
}
