import type { LoggedEvent } from './contract.ts';

const AT = '2026-11-22T10:00:00.000Z';

/** An accepted event of a shop that says nothing, with these fields instead. */
export const anEvent = (fields: Partial<LoggedEvent> = {}): LoggedEvent => ({
  kind: 'event',
  verdict: 'accepted',
  source_id: 'shop',
  message_id: 'm',
  type: 'track',
  event: '',
  user_id: '',
  anonymous_id: '',
  previous_id: '',
  group_id: '',
  timestamp: AT,
  original_timestamp: '',
  sent_at: '',
  received_at: AT,
  properties: '{}',
  traits: '{}',
  context: '{}',
  integrations: '{}',
  ip: '',
  user_agent: '',
  library: '',
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
  ...fields,
});
