/** Who sees what of an event. */
import { expect, test } from 'vitest';
import type { OperationContext } from '../../kernel/operation.ts';
import { anEvent } from '../fixture-event.ts';
import { quarantineOperations } from '../quarantine/operations.ts';
import type { QuarantineService } from '../quarantine/quarantine.service.ts';
import { trackingPlanOperations } from '../tracking-plan/operations.ts';
import type { TrackingPlanService } from '../tracking-plan/tracking-plan.service.ts';
import type { EventWithFate } from './events.sql.ts';
import type { FateService } from './fate.service.ts';
import { eventOperations } from './operations.ts';

const PAYLOAD = JSON.stringify({
  userId: 'ann@example.com',
  traits: { email: 'ann@example.com', income: 51_234, plan: 'gold' },
  context: { ip: '203.0.113.7' },
});
const row = {
  ...anEvent({
    user_id: 'ann@example.com',
    ip: '203.0.113.7',
    traits: JSON.stringify({ email: 'ann@example.com', income: 51_234, plan: 'gold' }),
    properties: JSON.stringify({ shipping: { address: { line1: 'Main 1' } }, total: 7 }),
  }),
  ...{ position: 1, fate: 'quarantined', of_position: 0, detail: 'ann@example.com is no number' },
  payload: PAYLOAD,
} as unknown as EventWithFate;
const group = {
  ...{
    group_id: 'a'.repeat(32),
    source_id: 's',
    type: 'identify',
    event: '',
    reason: 'r',
    path: '',
    detail: '',
  },
  ...{
    open: 1,
    first_at: '',
    last_at: '',
    sample_position: 1,
    sample_message_id: 'm',
    sample_payload: PAYLOAD,
  },
};
const fates = {
  end: () => 1,
  list: async () => [row],
  pending: async () => [{ position: 1, event: row }],
  fateOf: async () => [
    { ...row, of: null, resolved: null, steps: [{ at: '', what: 'from ann@example.com' }] },
  ],
} as unknown as FateService;
const quarantine = {
  groups: async () => [group],
  group: async () => group,
  entries: async () => [row],
  preview: async () => ({
    ...{ tried: 1, would_pass: 1, would_fail: 0 },
    samples: [
      {
        ...row,
        before: JSON.parse(PAYLOAD),
        after: JSON.parse(PAYLOAD),
        changed: false,
        outcome: 'accepted',
      },
    ],
  }),
} as unknown as QuarantineService;
const plans = {
  violations: async () => [
    {
      ...{
        source_id: 's',
        event: '',
        type: '',
        path: '',
        rule: '',
        message: 'ann@example.com',
        action: 'strip',
      },
      ...{
        count: 1,
        first_at: '',
        last_at: '',
        sample_position: 1,
        sample_message_id: '',
        sample_payload: PAYLOAD,
      },
    },
  ],
} as unknown as TrackingPlanService;

const sources = { byId: () => undefined, byWriteKey: () => undefined };
const hidden = () => new Set(['income']);
const operations = [
  ...eventOperations(fates, undefined as never, sources, hidden),
  ...quarantineOperations(quarantine, sources, hidden),
  ...trackingPlanOperations(plans, sources, hidden),
];
const ASKED: readonly (readonly [name: string, input: Record<string, unknown>])[] = [
  ['events.list', { limit: 5 }],
  ['events.list', { limit: 5, fate: 'pending' }],
  ['events.fate', { message_id: 'm' }],
  ['quarantine.groups', {}],
  ['quarantine.show', { group_id: group.group_id, limit: 5 }],
  ['quarantine.preview', { group_id: group.group_id, rules: [], limit: 5 }],
  ['violations.list', { hours: 24 }],
];
const answer = async (name: string, input: unknown, role: string) => {
  const context: OperationContext = {
    actor: { id: 'u', name: 'U', kind: 'user', roles: [role] },
    request_id: 'r',
  };
  const operation = operations.find((one) => one.name === name);
  return JSON.stringify(operation?.output.parse(await operation.handle(input, context)));
};
const PERSONAL = /ann@|51234|Main 1|113\.7/;

test.each(ASKED)('%s shows contact data and sensitive traits to editors only', async (name, input) => {
  expect(await answer(name, input, 'editor')).toMatch(PERSONAL);
  const shown = await answer(name, input, 'viewer');
  expect(shown).not.toMatch(PERSONAL);
  if (name !== 'events.fate') expect(shown).toContain('gold');
});
