import { compareMoments, type SessionEvent } from './session-event.ts';
import type { CompiledRules } from './session-rules.ts';
import { absorb, joins, mergeSessions, openSession, type SessionSummary } from './session-summary.ts';

/**
 * What the stream remembers of a person: recent sessions, by start, without their events. It is always what
 * `sessionise` would say of the events so far, unless `dirty_from_ms` is set.
 */
export interface PersonSessions {
  /** Log position of the last event counted here: up to it, events are not counted again. */
  readonly position: number;
  /** Every session of the person that ended after this is in `sessions`. */
  readonly horizon_ms: number;
  /** Earliest event that summaries cannot place; from there on the warehouse must be asked. Null when all is well. */
  readonly dirty_from_ms: number | null;
  readonly sessions: readonly SessionSummary[];
}

/** Sessions that changed, by id: the new summary, or the last one of a session that went into another. */
export type SessionChanges = Map<string, { readonly session: SessionSummary; readonly removed: boolean }>;

/**
 * A person who is not remembered: nothing is known of sessions that ended up to `horizon_ms`, so an event near them
 * must not be placed.
 */
export const unknownPerson = (horizon_ms: number): PersonSessions => ({
  position: 0,
  horizon_ms,
  dirty_from_ms: null,
  sessions: [],
});

/**
 * Counts one event, in any order of arrival: it extends a session, joins two, or opens one. In constant time.
 * Marks the person dirty when summaries cannot tell: an event before the horizon, or a campaign in the middle of a
 * session of another one. A dirty person only remembers that there is more to ask the warehouse.
 */
export function addToSessions(
  person_id: string,
  state: PersonSessions,
  event: SessionEvent,
  rules: CompiledRules,
  changes: SessionChanges,
): PersonSessions {
  if (event.position <= state.position) return state;
  const { position, at_ms } = event;
  if (state.dirty_from_ms !== null || at_ms <= state.horizon_ms + rules.gap_ms) {
    return { ...state, position, dirty_from_ms: Math.min(at_ms, state.dirty_from_ms ?? at_ms) };
  }
  const sessions = place(person_id, state.sessions, event, rules, changes);
  if (sessions === undefined) return { ...state, position, dirty_from_ms: at_ms };
  return { position, dirty_from_ms: null, ...keepRecent(sessions, state.horizon_ms, rules) };
}

/** Undefined when the event would split a session. */
function place(
  person_id: string,
  before: readonly SessionSummary[],
  event: SessionEvent,
  rules: CompiledRules,
  changes: SessionChanges,
): SessionSummary[] | undefined {
  const sessions = before.slice();
  let at = sessions.length - 1;
  for (let left = sessions[at]; left !== undefined && startsAfter(left, event); left = sessions[at]) at -= 1;
  const left = sessions[at];
  const right = sessions[at + 1];
  const alone = { start_ms: event.at_ms, end_ms: event.at_ms, campaign: event.campaign };
  if (left !== undefined && compareMoments(event.at_ms, event.tie, left.end_ms, left.end_tie) < 0) {
    const splits = rules.rules.campaign && event.campaign !== '' && event.campaign !== left.campaign;
    if (splits) return undefined;
    sessions[at] = absorb(left, event, rules);
  } else if (left !== undefined && joins(left, alone, rules)) {
    sessions[at] = absorb(left, event, rules);
  } else if (right !== undefined && joins(alone, right, rules)) {
    at += 1;
    sessions[at] = absorb(right, event, rules);
  } else {
    at += 1;
    sessions.splice(at, 0, openSession(person_id, event));
  }
  bridge(sessions, at, rules, changes);
  return sessions;
}

const startsAfter = (session: SessionSummary, event: SessionEvent): boolean =>
  compareMoments(session.start_ms, session.start_tie, event.at_ms, event.tie) > 0;

/** Joins the session at `at` with its followers for as long as they are one, and records what changed. */
function bridge(sessions: SessionSummary[], at: number, rules: CompiledRules, changes: SessionChanges): void {
  let session = sessions[at] as SessionSummary;
  for (
    let next = sessions[at + 1];
    next !== undefined && joins(session, next, rules);
    next = sessions[at + 1]
  ) {
    const merged = mergeSessions(session, next);
    const gone = merged.session_id === session.session_id ? next : session;
    changes.set(gone.session_id, { session: { ...gone, version: merged.version }, removed: true });
    sessions.splice(at, 2, merged);
    session = merged;
  }
  changes.set(session.session_id, { session, removed: false });
}

/** Lets go of old sessions and moves the horizon to the end of the last one that went. */
export function keepRecent(
  sessions: readonly SessionSummary[],
  horizon_ms: number,
  rules: CompiledRules,
): Pick<PersonSessions, 'sessions' | 'horizon_ms'> {
  const oldest_ms = (sessions.at(-1)?.end_ms ?? 0) - rules.keep_ms;
  let gone = Math.max(0, sessions.length - rules.keep_sessions);
  for (let s = sessions[gone]; s !== undefined && s.end_ms < oldest_ms; s = sessions[gone]) gone += 1;
  if (gone === 0) return { sessions, horizon_ms };
  const last = sessions[gone - 1];
  return { sessions: sessions.slice(gone), horizon_ms: Math.max(horizon_ms, last?.end_ms ?? horizon_ms) };
}
