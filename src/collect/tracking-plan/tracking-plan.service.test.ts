import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Definitions } from '../../govern/contract.ts';
import { fixedClock } from '../../kernel/clock.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import { EVENTS, QUARANTINE } from '../contract.ts';
import { eventLine, openFixtureWarehouse } from '../sources/fixture-warehouse.ts';
import type { Source } from '../sources/source.ts';
import { DEFAULT_SETTINGS } from '../sources/source-input.ts';
import { trackingPlanOperations } from './operations.ts';
import { createTrackingPlanService } from './tracking-plan.service.ts';

const shop: Source = {
  id: 'src_shop',
  name: 'Shop',
  type: 'server',
  enabled: true,
  created_at: '2026-11-01T00:00:00.000Z',
  settings: { ...DEFAULT_SETTINGS, tracking_plan: 'shop' },
  keys: [],
};
const body = {
  events: [
    { event: 'Order Completed', schema: {} },
    { event: 'Order Completed', version: '2', on_violation: 'strip', schema: {} },
    { type: 'page', schema: {} },
    { type: 'page', event: 'Home', schema: {} },
  ],
};
const definitions: Definitions = {
  current: () => [{ kind: 'tracking-plan', name: 'shop', version: 4, body }],
  release: () => 1,
  onRelease: () => {},
};
const coupon = {
  path: 'properties.coupon',
  rule: 'type',
  message: 'properties.coupon must be text, got a number',
  action: 'strip',
};
const price = {
  path: 'properties.price',
  rule: 'type',
  message: 'properties.price must be a number, got text',
  action: 'quarantine',
};

let warehouse: Warehouse;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ warehouse, close } = await openFixtureWarehouse());
  const at = '2026-11-22T09:00:00.000Z';
  const later = '2026-11-22T09:30:00.000Z';
  await warehouse.insert(EVENTS, [
    eventLine({ position: 1, message_id: 'm1', received_at: at, plan: 'shop@1' }),
    eventLine({
      position: 2,
      message_id: 'm2',
      received_at: at,
      plan: 'shop@2',
      violations: [coupon],
      properties: { id: 'old' },
    }),
    eventLine({
      position: 3,
      message_id: 'm3',
      received_at: later,
      plan: 'shop@2',
      violations: [coupon],
      properties: { id: 'new "1"' },
    }),
    eventLine({ position: 4, message_id: 'm4', received_at: at, event: 'Surprise' }),
    eventLine({
      position: 5,
      message_id: 'm5',
      received_at: at,
      type: 'page',
      event: 'Home',
      plan: 'shop@1',
    }),
    eventLine({
      position: 6,
      message_id: 'm6',
      received_at: at,
      type: 'page',
      event: 'Cart',
      plan: 'shop@1',
    }),
    eventLine({ position: 7, message_id: 'm7', received_at: '2026-11-10T00:00:00.000Z', plan: 'shop@1' }),
    eventLine({ position: 8, message_id: 'm8', received_at: at, plan: 'shop@1', origin: 9 }),
    eventLine({
      position: 10,
      message_id: 'm10',
      received_at: at,
      source_id: 'src_other',
      event: 'Elsewhere',
    }),
  ]);
  const quarantined = (
    position: number,
    reason: string,
    event: string,
    plan: string,
    violations: unknown[],
  ) =>
    JSON.stringify({
      position,
      source_id: 'src_shop',
      message_id: `q${position}`,
      type: 'track',
      event,
      received_at: at,
      reason,
      plan,
      violations: JSON.stringify(violations),
      payload: '{"price":"x"}',
    });
  const unknown = { path: 'event', rule: 'unknown_event', message: 'not in the plan', action: 'quarantine' };
  await warehouse.insert(QUARANTINE, [
    quarantined(9, 'schema_violation', 'Order Completed', 'shop@1', [price, coupon]),
    quarantined(11, 'unknown_event', 'Wild', '', [unknown]),
    quarantined(12, 'missing_identity', 'Order Completed', '', []),
  ]);
});
afterAll(() => close());

const clock = fixedClock('2026-11-22T10:00:00.000Z');
const create = () => createTrackingPlanService({ warehouse, definitions, sources: () => [shop], clock });

describe('plans', () => {
  test('every event with what was seen of it, and what is not planned', async () => {
    const [plan, ...others] = await create().plans();
    expect(others).toEqual([]);
    expect(plan).toMatchObject({ name: 'shop', version: 4, sources: [{ id: 'src_shop', name: 'Shop' }] });
    const seen = plan?.events.map((one) => [
      one.type,
      one.event,
      one.version,
      one.on_violation,
      one.seen_24h,
      one.violations_24h,
    ]);
    expect(seen).toEqual([
      ['track', 'Order Completed', '1', 'quarantine', 2, 1],
      ['track', 'Order Completed', '2', 'strip', 2, 2],
      ['page', '', '1', 'quarantine', 1, 0],
      ['page', 'Home', '1', 'quarantine', 1, 0],
    ]);
    expect(plan?.events[1]?.last_seen_at).toBe('2026-11-22T09:30:00.000Z');
    expect(plan?.unplanned).toEqual([
      { event: 'Surprise', type: 'track', count: 1 },
      { event: 'Wild', type: 'track', count: 1 },
    ]);
  });
});

describe('violations', () => {
  const call = async (input: unknown) => {
    const [, operation] = trackingPlanOperations(
      create(),
      { byId: () => shop, byWriteKey: () => undefined },
      () => new Set(),
    );
    if (operation === undefined) throw new Error('no operation');
    const context = {
      actor: { id: 'u', name: 'Ada', kind: 'user' as const, roles: ['viewer'] },
      request_id: 'r',
    };
    const output = operation.output.parse(await operation.handle(operation.input.parse(input), context));
    return (output as { groups: Record<string, unknown>[] }).groups;
  };

  test('are grouped with a sample of the newest, from stored and quarantined events alike', async () => {
    const groups = await call({});
    expect(groups.map((group) => [group['event'], group['path'], group['action'], group['count']])).toEqual([
      ['Order Completed', 'properties.coupon', 'strip', 3],
      ['Order Completed', 'properties.price', 'quarantine', 1],
      ['Wild', 'event', 'quarantine', 1],
    ]);
    expect(groups[0]).toMatchObject({
      source_name: 'Shop',
      rule: 'type',
      message: coupon.message,
      first_at: '2026-11-22T09:00:00.000Z',
      last_at: '2026-11-22T09:30:00.000Z',
      sample: { position: 3, message_id: 'm3', payload: { properties: { id: 'new "1"' } } },
    });
    expect(groups[1]?.['sample']).toEqual({ position: 9, message_id: 'q9', payload: { price: 'x' } });
  });

  test('of one source, one event, or a shorter time', async () => {
    expect(await call({ source: 'src_none' })).toEqual([]);
    expect(await call({ event: 'Wild' })).toHaveLength(1);
    clock.set(Date.parse('2026-11-24T10:00:00.000Z'));
    expect(await call({ hours: '24' })).toEqual([]);
    expect(await call({ hours: 72 })).toHaveLength(3);
    clock.set(Date.parse('2026-11-22T10:00:00.000Z'));
  });
});
