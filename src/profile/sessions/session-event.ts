import { IMPORT_SOURCE_ID, type LoggedEvent } from '../../collect/contract.ts';
import type { PersonId } from '../../kernel/ids.ts';

/** A stored event at its position in the log and with its person, as far as sessions need it. */
export interface StoredEvent {
  readonly position: number;
  readonly person: PersonId;
  readonly event: Pick<
    LoggedEvent,
    'source_id' | 'message_id' | 'type' | 'event' | 'timestamp' | 'received_at' | 'context' | 'bot'
  >;
}

/** What a session needs to know of an event. Times are milliseconds since 1970 UTC. */
export interface SessionEvent {
  readonly position: number;
  readonly at_ms: number;
  readonly received_ms: number;
  /** Orders events of the same millisecond: message id and source. */
  readonly tie: string;
  readonly page: boolean;
  /** `source/medium/campaign`, empty when the event names none. */
  readonly campaign: string;
  /** Page path or screen name, empty when the event has none. */
  readonly path: string;
  readonly referrer: string;
  readonly bot: 0 | 1;
}

/** Longest campaign, path and referrer kept, in code points. */
export const TEXT_MAX = 512;

/** A row of an imported file is no visit: not who somebody is, nor what they bought at a till. The SQL leaves them out as well. */
export const isInSessions = ({ event }: Pick<StoredEvent, 'event'>): boolean =>
  event.source_id !== IMPORT_SOURCE_ID;

/** Reads what matters; `sessions-from-events.sql.ts` says the same in SQL, and a test holds the two equal. */
export function readSessionEvent({ position, event }: Pick<StoredEvent, 'position' | 'event'>): SessionEvent {
  const visit = event.type === 'page' || event.type === 'screen' || event.type === 'track';
  const context = visit ? readContext(event.context) : NOTHING;
  return {
    position,
    at_ms: Date.parse(event.timestamp),
    received_ms: Date.parse(event.received_at),
    tie: `${event.message_id}\0${event.source_id}`,
    page: event.type === 'page' || event.type === 'screen',
    campaign: context.campaign,
    path: context.path === '' && event.type === 'screen' ? cut(event.event) : context.path,
    referrer: context.referrer,
    bot: event.bot,
  };
}

interface ContextFacts {
  readonly campaign: string;
  readonly path: string;
  readonly referrer: string;
}

const NOTHING: ContextFacts = { campaign: '', path: '', referrer: '' };

/** An escaped surrogate without its partner. The warehouse reads nothing from such a document; neither do we. */
const LONE_SURROGATE = /(?<!\\)(\\\\)*\\ud[89a-f]/i;

/** Most events are parsed nowhere else, so JSON is parsed only when a key that matters can be there. */
function readContext(text: string): ContextFacts {
  if (!text.includes('"page"') && !text.includes('"campaign"')) return NOTHING;
  if (text.includes('\\u') && LONE_SURROGATE.test(text)) return NOTHING;
  const context: unknown = JSON.parse(text);
  const page = member(context, 'page');
  const campaign = member(context, 'campaign');
  const parts = [textOf(campaign, 'source'), textOf(campaign, 'medium'), textOf(campaign, 'name')];
  return {
    campaign: parts.every((part) => part === '') ? '' : cut(parts.join('/')),
    path: cut(textOf(page, 'path')),
    referrer: cut(textOf(page, 'referrer')),
  };
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function textOf(value: unknown, key: string): string {
  const found = member(value, key);
  return typeof found === 'string' ? found : '';
}

const cut = (text: string): string =>
  text.length <= TEXT_MAX
    ? text
    : Array.from(text.slice(0, 2 * TEXT_MAX))
        .slice(0, TEXT_MAX)
        .join('');

/** Order of events in time; ties by the bytes of UTF-8, as the warehouse sorts. Negative when `a` is first. */
export function compareMoments(a_ms: number, a_tie: string, b_ms: number, b_tie: string): number {
  if (a_ms !== b_ms) return a_ms - b_ms;
  if (a_tie === b_tie) return 0;
  return Buffer.compare(Buffer.from(a_tie), Buffer.from(b_tie));
}
