/**
 * The way in: a request on any wire -> records in the event log, all of them in one append, before the answer.
 * What is not a request is refused (AppError); what is wrong with single events is quarantined, since a client that
 * reads a 2xx forgets its copy.
 */
import type { Clock } from '../../kernel/clock.ts';
import { AppError, type ErrorCode } from '../../kernel/errors.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { EventLog } from '../../stores/log/port.ts';
import type { BotDetector, BotVerdict } from '../bots/bot-detector.ts';
import type { LoggedEvent } from '../contract.ts';
import { readIp } from '../normalise/client-ip.ts';
import { formatIso } from '../normalise/iso-date.ts';
import {
  type Envelope,
  type EventDraft,
  normaliseItem,
  ON_DEVICE,
  type Problem,
} from '../normalise/normalise-item.ts';
import { standingId } from '../normalise/standing-id.ts';
import type { Source, SourceDirectory } from '../sources/source.ts';
import type { PlanChecker, PlanVerdict } from '../tracking-plan/plan-checker.ts';
import type { CollectAnswer, CollectRequest } from './collect-request.ts';
import { keyFromAuthorization } from './credentials.ts';
import { type CollectLimits, DEFAULT_LIMITS } from './limits.ts';
import {
  acceptedEvent,
  quarantinedEvent,
  type ReceivedFrom,
  sampledOutEvent,
  violationEvent,
} from './logged-event.ts';
import { type RequestItems, readItems } from './read-items.ts';
import { inSample } from './sampling.ts';
import { createTally, type Tally } from './tally.ts';
import { createThrottle } from './throttle.ts';

/** One finished request, for the metrics. `refused` is empty when it was taken. */
export interface CollectFact {
  readonly wire: string;
  readonly source_id: string;
  readonly received: number;
  readonly accepted: number;
  readonly filtered: number;
  readonly quarantined: number;
  readonly bytes: number;
  readonly refused: ErrorCode | '';
}

export interface CollectorDeps {
  readonly log: EventLog;
  readonly sources: SourceDirectory;
  readonly plan: PlanChecker;
  readonly bots: BotDetector;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits?: Partial<CollectLimits>;
  readonly observe?: (fact: CollectFact) => void;
  /** Parses and checks, stores nothing: the baseline of the benchmark. */
  readonly dry_run?: boolean;
}

/** A quarantined event's facts of arrival, as its row keeps them. */
export interface ArrivalFacts {
  readonly source_id: string;
  readonly message_id: string;
  readonly received_at: string;
  readonly sent_at: string;
  readonly ip: string;
  readonly user_agent: string;
}

export interface Collector {
  readonly limits: CollectLimits;
  /** Requests that were read and not yet answered. */
  waiting(): number;
  /** Resolves once the events are durable. Rejects with the AppError to answer; then nothing was stored. */
  accept(request: CollectRequest): Promise<CollectAnswer>;
  /** A payload through the same steps again, with the facts of its first arrival. Stores nothing. */
  reprocess(payload: unknown, facts: ArrivalFacts): LoggedEvent;
}

export function createCollector(deps: CollectorDeps): Collector {
  const { log, sources, plan, bots, clock, logger, observe, dry_run = false } = deps;
  const limits: CollectLimits = { ...DEFAULT_LIMITS, ...deps.limits };
  const throttle = createThrottle();

  /** The first key that is known decides; keys come from the header, the query and the body. */
  function sourceOf(keys: readonly string[], now_ms: number): Source | undefined {
    for (const key of keys) {
      const source = key === '' ? undefined : sources.byWriteKey(key, now_ms);
      if (source !== undefined) return source;
    }
    return undefined;
  }

  function admit(source: Source, now_ms: number): Source {
    if (!source.enabled)
      throw new AppError('source_disabled', { message: `The source ${source.name} is disabled.` });
    const retry_after_s = throttle.wait_s(source, now_ms);
    if (retry_after_s > 0) {
      const limit = source.settings.events_per_s_max ?? 0;
      const message = `The source ${source.name} sends more than ${limit} events a second.`;
      throw new AppError('throttled', { message, limit, retry_after_s });
    }
    return source;
  }

  const botVerdict = (draft: EventDraft, source: Source, fresh: boolean): BotVerdict =>
    bots.judge({
      source_id: source.id,
      user_agent: draft.user_agent,
      ip: draft.ip,
      webdriver: draft.context['webdriver'] === true,
      person: personIn(draft),
      at_ms: draft.timestamp_ms,
      fresh,
    });

  function checkPlan(draft: EventDraft, source: Source): PlanVerdict {
    const { type, event, event_version, properties, traits } = draft;
    if (event_version === '') return plan.check(source, { type, event, properties, traits });
    return plan.check(source, { type, event, event_version, properties, traits });
  }

  /** A sound draft, checked against the plan. */
  function planned(
    draft: EventDraft,
    item: unknown,
    from: ReceivedFrom,
    verdict: PlanVerdict,
    fresh: boolean,
  ): LoggedEvent {
    if (verdict.quarantine) return quarantinedEvent(draft, item, from, verdict.quarantine, verdict);
    const accepted = acceptedEvent(draft, from, botVerdict(draft, from.source, fresh), verdict);
    const too_large = tooLarge(accepted, limits.event_bytes_max);
    return too_large ? quarantinedEvent(draft, item, from, too_large, verdict) : accepted;
  }

  const sampled = (draft: EventDraft, source: Source): boolean =>
    inSample(source.id, personIn(draft), source.settings.sampling_rate);

  function tallyOf(read: RequestItems, envelope: Envelope, source: Source): Tally {
    const from: ReceivedFrom = { source, received_at: envelope.received_at };
    const tally = createTally(limits);
    for (let i = 0; i < read.items.length; i++) {
      const item = read.items[i];
      const at = read.lines[i] ?? i;
      const draft = normaliseItem(item, envelope);
      if (draft.problem !== null) tally.add(quarantinedEvent(draft, item, from, draft.problem), at);
      else if (!sampled(draft, source)) tally.add(sampledOutEvent(draft, from), at);
      else {
        const verdict = checkPlan(draft, source);
        tally.add(planned(draft, item, from, verdict, true), at);
        if (verdict.violations.length > 0) tally.addOwn(violationEvent(draft, from, verdict));
      }
    }
    return tally;
  }

  /** All the same questions asked, nothing written. */
  function dryTally(read: RequestItems, envelope: Envelope, source: Source): Tally {
    const counts = { accepted: 0, filtered: 0, quarantined: 0 };
    for (const item of read.items) {
      const draft = normaliseItem(item, envelope);
      if (draft.problem !== null) counts.quarantined += 1;
      else if (!sampled(draft, source)) counts.filtered += 1;
      else if (checkPlan(draft, source).quarantine) counts.quarantined += 1;
      else {
        botVerdict(draft, source, true);
        counts.accepted += 1;
      }
    }
    return { ...createTally(limits), counts: () => counts };
  }

  async function take(request: CollectRequest): Promise<CollectAnswer> {
    const now_ms = clock.now_ms();
    const keys = [keyFromAuthorization(request.authorization), request.write_key];
    let source = sourceOf(keys, now_ms);
    if (source !== undefined) admit(source, now_ms);
    const read = readItems(request, limits);
    if (source === undefined) {
      source = sourceOf([read.write_key], now_ms);
      if (source === undefined) {
        const sent = [...keys, read.write_key].some((key) => key !== '');
        throw new AppError('invalid_write_key', {
          message: sent ? 'The write key is not known, or no longer.' : 'No write key was sent.',
        });
      }
      admit(source, now_ms);
    }
    const envelope = envelopeOf(request, read, source, now_ms);
    const tally = dry_run ? dryTally(read, envelope, source) : tallyOf(read, envelope, source);
    throttle.take(source, read.items.length, now_ms);
    const position = dry_run ? 0 : await log.append(tally.lines);
    return {
      source_id: source.id,
      received: read.items.length,
      ...tally.counts(),
      position,
      problems: tally.problems,
    };
  }

  let waiting = 0;
  return {
    limits,
    waiting: () => waiting,
    async accept(request) {
      const { wire, body } = request;
      waiting += 1;
      try {
        const { source_id, received, accepted, filtered, quarantined, ...answer } = await take(request);
        observe?.({
          wire,
          source_id,
          received,
          accepted,
          filtered,
          quarantined,
          bytes: body.length,
          refused: '',
        });
        return { source_id, received, accepted, filtered, quarantined, ...answer };
      } catch (error) {
        if (error instanceof AppError) {
          observe?.({ ...REFUSED, wire, bytes: body.length, refused: error.code });
          if (error.code === 'log_unavailable')
            logger.warn({ wire }, 'events refused: the log cannot commit');
        }
        throw error;
      } finally {
        waiting -= 1;
      }
    },
    reprocess(payload, facts) {
      const source = sources.byId(facts.source_id);
      if (source === undefined)
        throw new AppError('not_found', { message: 'The source of this event is gone.', field: 'source_id' });
      const draft = normaliseItem(payload, arrivalEnvelope(source, facts));
      draft.message_id = facts.message_id;
      // What a server's connection tells is not the person's.
      if (ON_DEVICE[source.type]) {
        if (draft.ip === '') draft.ip = readIp(facts.ip);
        if (draft.user_agent === '') draft.user_agent = facts.user_agent;
      }
      const from: ReceivedFrom = { source, received_at: facts.received_at };
      if (draft.problem) return quarantinedEvent(draft, payload, from, draft.problem);
      return planned(draft, payload, from, checkPlan(draft, source), false);
    },
  };
}

const REFUSED = { source_id: '', received: 0, accepted: 0, filtered: 0, quarantined: 0 };

function envelopeOf(
  request: CollectRequest,
  read: RequestItems,
  source: Source,
  received_ms: number,
): Envelope {
  return {
    source_type: source.type,
    received_ms,
    received_at: formatIso(received_ms),
    sent_at: read.sent_at,
    type: read.type,
    context: read.context,
    integrations: read.integrations,
    ip: request.ip,
    user_agent: request.user_agent,
    gpc: request.gpc,
  };
}

/** Who is sampled and counted as one: not everybody whose client sends `null`. */
const personIn = (draft: EventDraft): string =>
  standingId(draft)?.value ?? (draft.user_id || draft.anonymous_id);

/** The payload already says what its request said; the row keeps the connection's facts, the address shortened. */
function arrivalEnvelope(source: Source, { received_at, sent_at, ip, user_agent }: ArrivalFacts): Envelope {
  return {
    source_type: source.type,
    received_ms: Date.parse(received_at),
    received_at,
    sent_at: sent_at === '' ? undefined : sent_at,
    type: '',
    context: undefined,
    integrations: undefined,
    ip,
    user_agent,
    gpc: false,
  };
}

function tooLarge({ properties, traits, context, integrations }: LoggedEvent, limit: number): Problem | null {
  const chars = properties.length + traits.length + context.length + integrations.length;
  if (chars * 3 <= limit) return null;
  const bytes = [properties, traits, context, integrations].reduce(
    (sum, text) => sum + Buffer.byteLength(text),
    0,
  );
  if (bytes <= limit) return null;
  return {
    reason: 'event_too_large',
    detail: `the event has ${bytes} bytes, the limit is ${limit}`,
    path: '',
  };
}
