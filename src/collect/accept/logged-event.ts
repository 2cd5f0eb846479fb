/** Drafts -> logged events. Every function returns the same keys in the same order, so that lines are cheap to write. */
import type { BotVerdict } from '../bots/bot-detector.ts';
import { IMPORT_SOURCE_ID, type ImportedEvent, type LoggedEvent, type SystemEvent } from '../contract.ts';
import { type IpRule, storedIp } from '../normalise/client-ip.ts';
import { isJsonObject, type JsonObject } from '../normalise/json-object.ts';
import type { EventDraft, Problem } from '../normalise/normalise-item.ts';
import type { Source } from '../sources/source.ts';
import { SYSTEM_SOURCE_ID } from '../sources/source-index.ts';
import type { PlanVerdict } from '../tracking-plan/plan-checker.ts';

export interface ReceivedFrom {
  readonly source: Source;
  readonly received_at: string;
}

export function acceptedEvent(
  draft: EventDraft,
  { source, received_at }: ReceivedFrom,
  bot: BotVerdict,
  plan: PlanVerdict,
): LoggedEvent {
  return {
    kind: 'event',
    verdict: 'accepted',
    source_id: source.id,
    message_id: draft.message_id,
    type: draft.type,
    event: draft.event,
    user_id: draft.user_id,
    anonymous_id: draft.anonymous_id,
    previous_id: draft.previous_id,
    group_id: draft.group_id,
    timestamp: draft.timestamp,
    original_timestamp: draft.original_timestamp,
    sent_at: draft.sent_at,
    received_at,
    properties: JSON.stringify(plan.properties),
    traits: JSON.stringify(plan.traits),
    context: JSON.stringify(draft.context),
    integrations: JSON.stringify(draft.integrations),
    ip: storedIp(draft.ip, source.settings.ip),
    user_agent: draft.user_agent,
    library: draft.library,
    bot: bot.bot,
    bot_reason: bot.reason,
    bot_source: bot.source,
    plan: plan.plan,
    violations: violationsText(plan),
    reason: '',
    detail: '',
    path: '',
    payload: '',
    origin: 0,
  };
}

/** The payload is kept whole, so the parsed parts are not kept beside it. */
export function quarantinedEvent(
  draft: EventDraft,
  item: unknown,
  from: ReceivedFrom,
  problem: Problem,
  plan?: PlanVerdict,
): LoggedEvent {
  return {
    ...bareEvent(draft, from, 'quarantined', from.source.settings.ip),
    plan: plan?.plan ?? '',
    violations: plan ? violationsText(plan) : '[]',
    reason: problem.reason,
    detail: problem.detail,
    path: problem.path,
    payload: payloadText(draft, item),
  };
}

/** What is left out by sampling is counted, and nothing about the person is kept. */
export function sampledOutEvent(draft: EventDraft, from: ReceivedFrom): LoggedEvent {
  const bare = bareEvent(draft, from, 'filtered', 'drop');
  const detail = `the source keeps ${from.source.settings.sampling_rate * 100} % of people`;
  return {
    ...bare,
    user_id: '',
    anonymous_id: '',
    previous_id: '',
    group_id: '',
    user_agent: '',
    reason: 'sampled_out',
    detail,
  };
}

/** The product's own event about an event that broke its plan. Names the rule, never the person or the value. */
export function violationEvent(
  draft: EventDraft,
  { source, received_at }: ReceivedFrom,
  plan: PlanVerdict,
): LoggedEvent {
  const [first] = plan.violations;
  const properties = {
    source: source.id,
    event: draft.event,
    type: draft.type,
    message_id: draft.message_id,
    plan: plan.plan,
    path: first?.path ?? '',
    rule: first?.rule ?? '',
    message: first?.message ?? '',
    action: plan.quarantine ? 'quarantine' : (first?.action ?? 'allow'),
    violations: plan.violations.length,
  };
  return ownEvent(
    {
      message_id: `violation:${source.id}:${draft.message_id}`,
      event: 'Violation Generated',
      user_id: '',
      anonymous_id: '',
      timestamp: received_at,
      properties,
    },
    received_at,
  );
}

/** An event that Plumbline records itself, as a line of the log. */
export const ownEvent = (event: SystemEvent, received_at: string): LoggedEvent => ({
  ...UNSENT,
  ...event,
  source_id: SYSTEM_SOURCE_ID,
  type: 'track',
  received_at,
  properties: JSON.stringify(event.properties),
});

/** A row of a file. */
export const importedEvent = (event: ImportedEvent, received_at: string): LoggedEvent => ({
  ...UNSENT,
  ...event,
  source_id: IMPORT_SOURCE_ID,
  received_at,
  properties: JSON.stringify(event.properties),
  traits: JSON.stringify(event.traits),
  context: JSON.stringify(event.context),
});

/** What an event does not have when no client sent it. */
const UNSENT = {
  kind: 'event',
  verdict: 'accepted',
  previous_id: '',
  group_id: '',
  original_timestamp: '',
  sent_at: '',
  traits: '{}',
  context: '{}',
  integrations: '{}',
  ip: '',
  user_agent: '',
  library: 'plumbline',
  bot: 0,
  bot_reason: '',
  bot_source: '',
  plan: '',
  violations: '[]',
  reason: '',
  detail: '',
  path: '',
  payload: '',
  origin: 0,
} as const;

function bareEvent(
  draft: EventDraft,
  { source, received_at }: ReceivedFrom,
  verdict: LoggedEvent['verdict'],
  ip: IpRule,
): LoggedEvent {
  return {
    kind: 'event',
    verdict,
    source_id: source.id,
    message_id: draft.message_id,
    type: draft.type,
    event: draft.event,
    user_id: draft.user_id,
    anonymous_id: draft.anonymous_id,
    previous_id: draft.previous_id,
    group_id: draft.group_id,
    timestamp: draft.timestamp,
    original_timestamp: draft.original_timestamp,
    sent_at: draft.sent_at,
    received_at,
    properties: '{}',
    traits: '{}',
    context: '{}',
    integrations: '{}',
    ip: storedIp(draft.ip, ip),
    user_agent: draft.user_agent,
    library: draft.library,
    bot: 0,
    bot_reason: '',
    bot_source: '',
    plan: '',
    violations: '[]',
    reason: '',
    detail: '',
    path: '',
    payload: '',
    origin: 0,
  };
}

const violationsText = (plan: PlanVerdict): string =>
  plan.violations.length === 0 ? '[]' : JSON.stringify(plan.violations);

/**
 * The item as it arrived, and what its request said about it (type, batch-level context and integrations), so that a
 * repaired payload can be taken through again on its own. Without the address, which is kept shortened beside it, and
 * without the write key.
 */
function payloadText(draft: EventDraft, item: unknown): string {
  if (!isJsonObject(item)) return JSON.stringify(item ?? null);
  const payload: JsonObject = { ...item, writeKey: undefined };
  payload['type'] ??= draft.type === '' ? undefined : draft.type;
  if (payload['context'] === undefined || isJsonObject(payload['context']))
    payload['context'] = orNothing(draft.context);
  if (payload['integrations'] === undefined || isJsonObject(payload['integrations']))
    payload['integrations'] = orNothing(draft.integrations);
  // An identify's traits may have been moved here out of its context.
  if (draft.type === 'identify' && (payload['traits'] === undefined || isJsonObject(payload['traits'])))
    payload['traits'] = orNothing(draft.traits);
  return JSON.stringify(payload);
}

const orNothing = (object: JsonObject): JsonObject | undefined =>
  Object.keys(object).length === 0 ? undefined : object;
