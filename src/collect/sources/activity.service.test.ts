import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixedClock } from '../../kernel/clock.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import { EVENTS } from '../contract.ts';
import { createActivityQuery } from './activity.service.ts';
import { eventLine, openFixtureWarehouse } from './fixture-warehouse.ts';

let warehouse: Warehouse;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ warehouse, close } = await openFixtureWarehouse());
});
afterAll(() => close());

test('counts the last 24 hours and names the last event of the last 30 days', async () => {
  const sent: readonly [string, string][] = [
    ['a', '2026-11-22T09:59:59.999Z'],
    ['a', '2026-11-21T10:00:00.001Z'],
    ['a', '2026-11-21T10:00:00.000Z'],
    ['b', '2026-11-01T00:00:00.000Z'],
    ['c', '2026-09-01T00:00:00.000Z'],
  ];
  const lines = sent.map(([source_id, received_at], i) =>
    eventLine({ position: i + 1, message_id: `m${i}`, source_id, received_at }),
  );
  await warehouse.insert(EVENTS, lines);
  const activity = createActivityQuery({ warehouse, clock: fixedClock('2026-11-22T10:00:00.000Z') });
  expect(Object.fromEntries(await activity())).toEqual({
    a: { events_24h: 2, last_event_at: '2026-11-22T09:59:59.999Z' },
    b: { events_24h: 0, last_event_at: '2026-11-01T00:00:00.000Z' },
  });
});
