import { createHash } from 'node:crypto';
import type { SessionRow } from '../contract.ts';
import { compareMoments, type SessionEvent } from './session-event.ts';
import type { CompiledRules } from './session-rules.ts';

/** The page that a session came in or went out by. */
interface PageMark {
  readonly at_ms: number;
  readonly tie: string;
  readonly path: string;
}

/**
 * A session without its events: enough to add one, in any order, and to join two. Times are milliseconds since
 * 1970 UTC. A session has either no campaign event, or begins with one, and all of them name its campaign.
 */
export interface SessionSummary {
  readonly session_id: string;
  /** Log position of the event that opened it; decides which id survives when two sessions join. */
  readonly opened: number;
  readonly start_ms: number;
  readonly start_tie: string;
  readonly end_ms: number;
  readonly end_tie: string;
  readonly events: number;
  readonly pages: number;
  readonly campaign: string;
  readonly entry: PageMark | null;
  /** Of the entry page. */
  readonly referrer: string;
  readonly exit: PageMark | null;
  readonly bot: 0 | 1;
  readonly reopened: number;
  /** When an event of it last arrived. */
  readonly touched_ms: number;
  /** Position of the last event that changed it. */
  readonly version: number;
}

export function openSession(person_id: string, event: SessionEvent): SessionSummary {
  const { at_ms, tie } = event;
  const mark = pageMark(event);
  return {
    session_id: contentId(person_id, at_ms, tie),
    opened: event.position,
    start_ms: at_ms,
    start_tie: tie,
    end_ms: at_ms,
    end_tie: tie,
    events: 1,
    pages: event.page ? 1 : 0,
    campaign: event.campaign,
    entry: mark,
    referrer: mark === null ? '' : event.referrer,
    exit: mark,
    bot: event.bot,
    reopened: 0,
    touched_ms: event.received_ms,
    version: event.position,
  };
}

/**
 * Day of its first event, so that ids sort by time and name their partition for ever, and a digest of person and
 * first event: the same events give the same id.
 */
export function contentId(person_id: string, start_ms: number, start_tie: string): string {
  const day = new Date(start_ms).toISOString().slice(0, 10).replaceAll('-', '');
  const hash = createHash('sha256').update(`${person_id}\n${start_ms}\n${start_tie}`).digest('hex');
  return `${day}-${hash.slice(0, 20)}`;
}

/** What a neighbour needs to know of a session, or of an event on its own. */
type Stretch = Pick<SessionSummary, 'start_ms' | 'end_ms' | 'campaign'>;

/** Two neighbours, the left one earlier: are they one session? */
export function joins(left: Stretch, right: Stretch, rules: CompiledRules): boolean {
  return (
    right.start_ms - left.end_ms <= rules.gap_ms &&
    rules.dayOf(right.start_ms) === rules.dayOf(left.end_ms) &&
    (!rules.rules.campaign || right.campaign === '' || right.campaign === left.campaign)
  );
}

/** Adds an event that belongs to the session, wherever in it. */
export function absorb(session: SessionSummary, event: SessionEvent, rules: CompiledRules): SessionSummary {
  const added = pageMark(event);
  const entry = earlier(session.entry, added);
  const wasOver = event.received_ms - Math.max(session.end_ms, session.touched_ms) > rules.gap_ms;
  const isFirst = compareMoments(event.at_ms, event.tie, session.start_ms, session.start_tie) < 0;
  const isLast = compareMoments(event.at_ms, event.tie, session.end_ms, session.end_tie) > 0;
  return {
    session_id: session.session_id,
    opened: session.opened,
    start_ms: isFirst ? event.at_ms : session.start_ms,
    start_tie: isFirst ? event.tie : session.start_tie,
    end_ms: isLast ? event.at_ms : session.end_ms,
    end_tie: isLast ? event.tie : session.end_tie,
    events: session.events + 1,
    pages: session.pages + (event.page ? 1 : 0),
    campaign: isFirst ? event.campaign : session.campaign,
    entry,
    referrer: entry === added && added !== null ? event.referrer : session.referrer,
    exit: later(session.exit, added),
    bot: session.bot === 1 ? 1 : event.bot,
    reopened: session.reopened + (wasOver ? 1 : 0),
    touched_ms: Math.max(session.touched_ms, event.received_ms),
    version: Math.max(session.version, event.position),
  };
}

function pageMark(event: SessionEvent): PageMark | null {
  if (event.path === '') return null;
  return { at_ms: event.at_ms, tie: event.tie, path: event.path };
}

/** Joins two neighbours, the left one earlier. The id that was there first survives. */
export function mergeSessions(left: SessionSummary, right: SessionSummary): SessionSummary {
  const elder = right.opened < left.opened ? right : left;
  return {
    ...left,
    session_id: elder.session_id,
    opened: elder.opened,
    end_ms: right.end_ms,
    end_tie: right.end_tie,
    events: left.events + right.events,
    pages: left.pages + right.pages,
    entry: left.entry ?? right.entry,
    referrer: left.entry === null ? right.referrer : left.referrer,
    exit: right.exit ?? left.exit,
    bot: left.bot === 1 ? 1 : right.bot,
    reopened: left.reopened + right.reopened,
    touched_ms: Math.max(left.touched_ms, right.touched_ms),
    version: Math.max(left.version, right.version),
  };
}

function earlier(a: PageMark | null, b: PageMark | null): PageMark | null {
  if (a === null || b === null) return a ?? b;
  return compareMoments(a.at_ms, a.tie, b.at_ms, b.tie) <= 0 ? a : b;
}

function later(a: PageMark | null, b: PageMark | null): PageMark | null {
  if (a === null || b === null) return a ?? b;
  return compareMoments(a.at_ms, a.tie, b.at_ms, b.tie) > 0 ? a : b;
}

export function isRunaway(session: SessionSummary, rules: CompiledRules): boolean {
  return session.events > rules.rules.runaway_events || session.end_ms - session.start_ms > rules.runaway_ms;
}

export function sessionRow(person_id: string, session: SessionSummary, rules: CompiledRules): SessionRow {
  return {
    session_id: session.session_id,
    person_id,
    started_at: new Date(session.start_ms).toISOString(),
    ended_at: new Date(session.end_ms).toISOString(),
    events: session.events,
    pages: session.pages,
    campaign: session.campaign,
    entry_path: session.entry?.path ?? '',
    exit_path: session.exit?.path ?? '',
    referrer: session.referrer,
    bot: session.bot,
    runaway: isRunaway(session, rules) ? 1 : 0,
    reopened: session.reopened,
    removed: 0,
    version: session.version,
  };
}
