/**
 * One item of a request -> a draft of the logged event. Never throws and never loses: what is wrong with the item is
 * written into `problem`, and everything readable is read all the same.
 */
import { digest, newUuid } from '../../kernel/ids.ts';
import { EVENT_TYPES, type EventType, type QuarantineReason } from '../contract.ts';
import type { SourceType } from '../sources/source.ts';
import { campaignFromUrl, namesCampaign } from './campaign-from-url.ts';
import { correctedTime } from './client-clock.ts';
import { readIp } from './client-ip.ts';
import { formatIso, isCanonical, readDate } from './iso-date.ts';
import { isJsonObject, type JsonObject, mergeUnder } from './json-object.ts';

export const MESSAGE_ID_MAX = 100;
export const TEXT_MAX = 512;

/** What a request says about all of its items. */
export interface Envelope {
  readonly source_type: SourceType;
  readonly received_ms: number;
  /** The same as text. */
  readonly received_at: string;
  /** `sentAt` of the body or the SentAt header, as it came. */
  readonly sent_at: unknown;
  /** From the path; empty for batches, where each item says its own. */
  readonly type: EventType | '';
  /** Of the batch, to merge under each item's. */
  readonly context: JsonObject | undefined;
  readonly integrations: JsonObject | undefined;
  /** Address and user agent of the connection. */
  readonly ip: string;
  readonly user_agent: string;
  /** The request carried `Sec-GPC: 1`. */
  readonly gpc: boolean;
}

export interface Problem {
  readonly reason: QuarantineReason;
  readonly detail: string;
  readonly path: string;
}

export interface EventDraft {
  message_id: string;
  type: EventType | '';
  event: string;
  user_id: string;
  anonymous_id: string;
  previous_id: string;
  group_id: string;
  timestamp: string;
  /** Milliseconds of `timestamp`. */
  timestamp_ms: number;
  original_timestamp: string;
  sent_at: string;
  properties: JsonObject;
  traits: JsonObject;
  context: JsonObject;
  integrations: JsonObject;
  /** Whole: it is shortened when the line is written, after the bot check. */
  ip: string;
  user_agent: string;
  library: string;
  event_version: string;
  /** The first thing that is wrong; null when nothing is. */
  problem: Problem | null;
}

/** Sources whose requests come from the person's own device, so that the connection speaks of the person. */
export const ON_DEVICE: Record<SourceType, boolean> = {
  browser: true,
  mobile: true,
  server: false,
  webhook: false,
  import: false,
};
const TYPES: ReadonlySet<unknown> = new Set(EVENT_TYPES);
const NONE: JsonObject = Object.freeze({});

export function normaliseItem(item: unknown, envelope: Envelope): EventDraft {
  const draft = emptyDraft(envelope);
  if (!isJsonObject(item)) {
    draft.message_id = newUuid();
    flag(draft, 'invalid_item', `an event must be an object, got ${nameOfType(item)}`, '');
    return draft;
  }
  draft.message_id = readMessageId(item['messageId'], draft);
  readType(item['type'], envelope.type, draft);
  draft.user_id = readText(item['userId'], 'userId', draft);
  draft.anonymous_id = readText(item['anonymousId'], 'anonymousId', draft);
  draft.previous_id = readText(item['previousId'], 'previousId', draft);
  draft.properties = readObject(item['properties'], 'properties', draft);
  draft.traits = readObject(item['traits'], 'traits', draft);
  readContext(item['context'], envelope, draft);
  draft.group_id = readText(item['groupId'] ?? draft.context['groupId'], 'groupId', draft);
  const integrations = readObject(item['integrations'], 'integrations', draft);
  draft.integrations = envelope.integrations ? mergeUnder(envelope.integrations, integrations) : integrations;
  readName(item, draft);
  readTimes(item, envelope, draft);
  checkIdentity(draft);
  return draft;
}

function emptyDraft(envelope: Envelope): EventDraft {
  return {
    message_id: '',
    type: envelope.type,
    event: '',
    user_id: '',
    anonymous_id: '',
    previous_id: '',
    group_id: '',
    timestamp: envelope.received_at,
    timestamp_ms: envelope.received_ms,
    original_timestamp: '',
    sent_at: '',
    properties: NONE,
    traits: NONE,
    context: NONE,
    integrations: NONE,
    ip: '',
    user_agent: '',
    library: '',
    event_version: '',
    problem: null,
  };
}

function flag(draft: EventDraft, reason: QuarantineReason, detail: string, path: string): void {
  draft.problem ??= { reason, detail, path };
}

/** The type of a value, never the value: details are shown and counted, and values may be personal. */
export const nameOfType = (value: unknown): string =>
  value === null
    ? 'null'
    : Array.isArray(value)
      ? 'an array'
      : typeof value === 'object'
        ? 'an object'
        : `a ${typeof value}`;

function readMessageId(value: unknown, draft: EventDraft): string {
  if (typeof value === 'string' && value.length > 0 && value.length <= MESSAGE_ID_MAX)
    return value.toWellFormed();
  if (value === undefined || value === null || value === '') return newUuid();
  if (typeof value === 'number') return readNumber(value, 'messageId', draft);
  if (typeof value === 'string') {
    flag(
      draft,
      'invalid_field',
      `messageId has ${value.length} characters, the limit is ${MESSAGE_ID_MAX}`,
      'messageId',
    );
    // A digest stands in for it, so that a repeated delivery is still known as the same message.
    return digest(value);
  }
  flag(draft, 'invalid_field', `messageId must be text, got ${nameOfType(value)}`, 'messageId');
  return newUuid();
}

function readType(value: unknown, from_path: EventType | '', draft: EventDraft): void {
  if (from_path !== '') return;
  if (TYPES.has(value)) draft.type = value as EventType;
  else {
    const got =
      value === undefined ? 'nothing' : typeof value === 'string' ? 'another text' : nameOfType(value);
    flag(draft, 'unknown_type', `type must be one of ${EVENT_TYPES.join(', ')}; got ${got}`, 'type');
  }
}

/** Identifiers and names: text, or a number taken as text. Empty when absent or blank. */
function readText(value: unknown, path: string, draft: EventDraft): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number') return readNumber(value, path, draft);
  if (typeof value !== 'string') {
    flag(draft, 'invalid_field', `${path} must be text or a number, got ${nameOfType(value)}`, path);
    return '';
  }
  if (value.length > TEXT_MAX) {
    flag(draft, 'invalid_field', `${path} has ${value.length} characters, the limit is ${TEXT_MAX}`, path);
    return value.slice(0, TEXT_MAX).toWellFormed();
  }
  return value.charCodeAt(0) <= 32 && value.trim() === '' ? '' : value;
}

/** Two large numbers can be read as the same one, and so two people as one: those must be sent as text. */
function readNumber(value: number, path: string, draft: EventDraft): string {
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER)
    flag(draft, 'invalid_field', `${path} is a number too large to be exact: send it as text`, path);
  return String(value);
}

function readObject(value: unknown, path: string, draft: EventDraft): JsonObject {
  if (isJsonObject(value)) return value;
  if (value !== undefined && value !== null)
    flag(draft, 'invalid_field', `${path} must be an object, got ${nameOfType(value)}`, path);
  return NONE;
}

/** Fills in what the connection tells, where it is the person's own, and takes the address out of the context. */
function readContext(value: unknown, envelope: Envelope, draft: EventDraft): void {
  const own = readObject(value, 'context', draft);
  const context: JsonObject = envelope.context ? mergeUnder(envelope.context, own) : own === NONE ? {} : own;
  const on_device = ON_DEVICE[envelope.source_type] || context['direct'] === true;
  const claimed_ip = context['ip'];
  if (claimed_ip !== undefined) {
    draft.ip = readIp(claimed_ip);
    // Clients send 0.0.0.0 to say that the address must not be recorded.
    if (draft.ip === '0.0.0.0') draft.ip = '';
    context['ip'] = undefined;
  } else if (on_device) draft.ip = readIp(envelope.ip);
  const agent = context['userAgent'];
  if (typeof agent === 'string') draft.user_agent = agent.slice(0, TEXT_MAX).toWellFormed();
  else if (on_device) draft.user_agent = envelope.user_agent.slice(0, TEXT_MAX).toWellFormed();
  if (envelope.gpc) context['gpc'] = true;
  if (!namesCampaign(context['campaign'])) {
    const campaign = campaignFromUrl(context, draft.properties);
    if (campaign !== undefined) context['campaign'] = campaign;
  }
  draft.library = readLibrary(context['library']);
  const protocols = context['protocols'];
  if (isJsonObject(protocols) && typeof protocols['event_version'] === 'string')
    draft.event_version = protocols['event_version'];
  draft.context = context;
  if (draft.type === 'identify' && isJsonObject(context['traits'])) {
    // RudderStack clients put an identify's traits here; kept once, in the traits.
    const { traits: moved, ...others } = context;
    draft.traits = { ...(moved as JsonObject), ...draft.traits };
    draft.context = others;
  }
}

function readLibrary(library: unknown): string {
  if (!isJsonObject(library)) return '';
  const { name, version } = library;
  if (typeof name !== 'string') return '';
  const text = typeof version === 'string' ? `${name}/${version}` : name;
  return text.slice(0, MESSAGE_ID_MAX).toWellFormed();
}

/** The name of a track call is required; a page or screen may have one, at the top or in its properties. */
function readName(item: JsonObject, draft: EventDraft): void {
  if (draft.type === 'track') {
    if (typeof item['event'] === 'number')
      flag(draft, 'invalid_field', 'event must be text, got a number', 'event');
    draft.event = readText(item['event'], 'event', draft);
    if (draft.event === '')
      flag(draft, 'missing_event_name', 'a track call needs the name of its event', 'event');
  } else if (draft.type === 'page' || draft.type === 'screen') {
    draft.event = readText(item['name'] ?? draft.properties['name'] ?? item['event'], 'name', draft);
    const category = item['category'];
    if (typeof category === 'string' && draft.properties['category'] === undefined)
      draft.properties = { ...draft.properties, category };
  }
}

function readTimes(item: JsonObject, envelope: Envelope, draft: EventDraft): void {
  const sent = item['sentAt'] ?? envelope.sent_at;
  // A sentAt that cannot be read says nothing about the event itself: it counts as missing.
  const sent_ms = sent === undefined ? Number.NaN : readDate(sent);
  draft.sent_at = writeDate(sent, sent_ms);
  const path = (item['timestamp'] ?? undefined) !== undefined ? 'timestamp' : 'originalTimestamp';
  const original = item[path] ?? undefined;
  if (original === undefined) return;
  const original_ms = readDate(original);
  if (Number.isNaN(original_ms)) {
    flag(
      draft,
      'invalid_timestamp',
      `${path} must be a date in ISO 8601, such as 2026-07-21T09:30:00.000Z`,
      path,
    );
    return;
  }
  draft.original_timestamp = writeDate(original, original_ms);
  const corrected_ms = correctedTime({ original_ms, sent_ms, received_ms: envelope.received_ms });
  if (Number.isNaN(corrected_ms)) {
    const when = 'before the year 2000 or more than 24 hours after it was received';
    flag(
      draft,
      'invalid_timestamp',
      `${path}, corrected for the client's clock, is impossible: ${when}`,
      path,
    );
    return;
  }
  draft.timestamp_ms = corrected_ms;
  draft.timestamp = formatIso(corrected_ms);
}

const writeDate = (value: unknown, ms: number): string =>
  Number.isNaN(ms) ? '' : typeof value === 'string' && isCanonical(value) ? value : formatIso(ms);

function checkIdentity(draft: EventDraft): void {
  if (draft.user_id === '' && draft.anonymous_id === '')
    flag(draft, 'missing_identity', 'an event needs userId or anonymousId', 'userId');
  if (draft.type === 'group' && draft.group_id === '')
    flag(draft, 'invalid_field', 'a group call needs groupId', 'groupId');
  if (draft.type === 'alias' && draft.previous_id === '')
    flag(draft, 'invalid_field', 'an alias call needs previousId', 'previousId');
}
