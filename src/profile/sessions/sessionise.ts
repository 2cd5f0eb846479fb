import { compareMoments, type SessionEvent } from './session-event.ts';
import type { CompiledRules } from './session-rules.ts';
import { absorb, openSession, type SessionSummary } from './session-summary.ts';

/**
 * What sessions are: the definition that the stream and the SQL are held to. Takes all events of one person, in any
 * order; returns sessions by start. Reads boundaries off neighbouring events: a longer silence than the gap, another
 * local day, or a campaign other than the one that opened the session.
 */
export function sessionise(
  person_id: string,
  events: readonly SessionEvent[],
  rules: CompiledRules,
): SessionSummary[] {
  const sessions: SessionSummary[] = [];
  let session: SessionSummary | undefined;
  let before_ms = 0;
  for (const event of events.toSorted((a, b) => compareMoments(a.at_ms, a.tie, b.at_ms, b.tie))) {
    const begins =
      session === undefined ||
      event.at_ms - before_ms > rules.gap_ms ||
      rules.dayOf(event.at_ms) !== rules.dayOf(before_ms) ||
      (rules.rules.campaign && event.campaign !== '' && event.campaign !== session.campaign);
    if (session === undefined || begins) {
      session = openSession(person_id, event);
      sessions.push(session);
    } else {
      session = { ...absorb(session, event, rules), reopened: 0 };
      sessions[sessions.length - 1] = session;
    }
    before_ms = event.at_ms;
  }
  return sessions;
}
