import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixedClock, HOUR_MS } from '../../kernel/clock.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import { EVENTS } from '../contract.ts';
import { eventLine, openFixtureWarehouse } from '../sources/fixture-warehouse.ts';
import { createDriftService } from './drift.service.ts';
import { type FieldShapeRow, fieldShapes } from './field-shapes.sql.ts';
import { driftOperations } from './operations.ts';

const now_ms = Date.parse('2026-11-22T10:00:00.000Z');
let warehouse: Warehouse;
let close: () => Promise<void>;
let position = 0;

/** Events spread evenly over hours `from_h` to `to_h` before now. */
function spread(
  count: number,
  [from_h, to_h]: [number, number],
  row: (i: number) => Omit<Parameters<typeof eventLine>[0], 'position' | 'message_id' | 'received_at'>,
): string[] {
  return Array.from({ length: count }, (_, i) => {
    const age_ms = (from_h + ((to_h - from_h) * (i + 0.5)) / count) * HOUR_MS;
    position += 1;
    return eventLine({
      position,
      message_id: `m${position}`,
      received_at: new Date(now_ms - age_ms).toISOString(),
      ...row(i),
    });
  });
}

beforeAll(async () => {
  ({ warehouse, close } = await openFixtureWarehouse());
  const RECENT: [number, number] = [0, 24];
  const EARLIER: [number, number] = [24, 192];
  const order = (price: unknown, more = {}) => ({
    event: 'Order',
    properties: {
      price,
      category: 'tea',
      address: { city: 'x', geo: { lat: 1, deep: { far: 1 } } },
      tags: ['a'],
      products: [{ id: 'p', old: 1 }, { id: 'q' }],
      ...more,
    },
  });
  await warehouse.insert(EVENTS, [
    ...spread(700, EARLIER, () => order(9.5)),
    ...spread(200, RECENT, (i) =>
      order(i % 4 === 0 ? '9,50 €' : 9.5, {
        category: i % 2 === 0 ? null : 'tea',
        tags: [7, true],
        products: [{ id: 'p', fresh: true }],
      }),
    ),
    ...spread(300, EARLIER, () => ({ event: 'Stopped' })),
    ...spread(60, RECENT, () => ({ event: 'Started', properties: { a: 1 } })),
    ...spread(200, EARLIER, () => ({ type: 'identify', event: '', traits: { plan: 'free' } })),
    ...spread(100, RECENT, () => ({
      type: 'identify',
      event: '',
      traits: { plan: 'free', 'odd "key" \'': true },
    })),
    ...spread(100, RECENT, () => ({ source_id: 'plumbline', event: 'Violation Generated' })),
    ...spread(100, EARLIER, () => ({ source_id: 'plumbline', event: 'Other' })),
    ...spread(100, EARLIER, () => ({ source_id: 'src_quiet', event: 'Order', properties: { x: 1 } })),
    ...spread(20, RECENT, () => ({ source_id: 'src_quiet', event: 'Order', properties: { y: 1 } })),
  ]);
});
afterAll(() => close());

test('fieldShapes: every path down to three names, its kinds, counted once an event', async () => {
  const rows = await warehouse.query<FieldShapeRow>(
    fieldShapes({
      span: { from_ms: now_ms - 24 * HOUR_MS, to_ms: now_ms },
      source: 'src_shop',
      system: 'plumbline',
      shares: [],
    }),
  );
  const order = rows.filter((row) => row.event === 'Order').map((row) => [row.path, row.kind, row.events]);
  expect(order.sort()).toEqual(
    [
      ['', 'event', 200],
      ['properties.address', 'object', 200],
      ['properties.address.city', 'text', 200],
      ['properties.address.geo', 'object', 200],
      ['properties.address.geo.deep', 'object', 200],
      ['properties.address.geo.lat', 'number', 200],
      ['properties.category', 'empty', 100],
      ['properties.category', 'text', 100],
      ['properties.price', 'number', 150],
      ['properties.price', 'text', 50],
      ['properties.products', 'list', 200],
      ['properties.products[*].fresh', 'boolean', 200],
      ['properties.products[*].id', 'text', 200],
      ['properties.tags', 'list', 200],
      ['properties.tags[*]', 'boolean', 200],
      ['properties.tags[*]', 'number', 200],
    ].sort(),
  );
  expect(rows.find((row) => row.path === 'traits.odd "key" \'')).toMatchObject({
    type: 'identify',
    kind: 'boolean',
    events: 100,
    samples: ['true', 'true', 'true'],
  });
});

test('fieldShapes: frequent events are thinned out, others are not', async () => {
  const count = async (per_10k: number) => {
    const shares = [{ source_id: 'src_shop', type: 'track', event: 'Order', per_10k }];
    const rows = await warehouse.query<FieldShapeRow>(
      fieldShapes({
        span: { from_ms: now_ms - 192 * HOUR_MS, to_ms: now_ms },
        source: undefined,
        system: 'plumbline',
        shares,
      }),
    );
    const events = (name: string) =>
      rows.find((row) => row.source_id === 'src_shop' && row.event === name && row.path === '')?.events ?? 0;
    return [events('Order'), events('Stopped')];
  };
  expect(await count(0)).toEqual([0, 300]);
  expect(await count(10_000)).toEqual([900, 300]);
  const [half] = await count(5_000);
  expect(half).toBeGreaterThan(350);
  expect(half).toBeLessThan(550);
});

describe('drift report', () => {
  const ask = async (input: Record<string, unknown>) => {
    const service = createDriftService({ warehouse, clock: fixedClock(now_ms) });
    const [operation] = driftOperations(
      service,
      { byId: () => undefined, byWriteKey: () => undefined },
      () => new Set(),
    );
    if (operation === undefined) throw new Error('no operation');
    const context = {
      actor: { id: 'u', name: 'Ada', kind: 'user' as const, roles: ['viewer'] },
      request_id: 'r',
    };
    return operation.output.parse(await operation.handle(operation.input.parse(input), context)) as {
      findings: Record<string, unknown>[];
      compared: Record<string, unknown>;
    };
  };

  test('finds what changed, and nothing else', async () => {
    const { findings, compared } = await ask({});
    expect(
      findings.map((one) => [one['kind'], one['event'], one['path'], one['before'], one['after']]),
    ).toEqual([
      ['type_change', 'Order', 'properties.tags[*]', 'text', 'boolean 50 %, number 50 %'],
      ['type_change', 'Order', 'properties.price', 'number', 'number 75 %, text 25 %'],
      ['vanished_field', 'Order', 'properties.products[*].old', 'number', null],
      [
        'null_spike',
        'Order',
        'properties.category',
        '0 % missing, null or empty',
        '50 % missing, null or empty',
      ],
      ['vanished_event', 'Stopped', '', '300 events', '0 events'],
      ['new_field', 'Order', 'properties.products[*].fresh', null, 'boolean'],
      ['new_field', '', 'traits.odd "key" \'', null, 'boolean'],
      ['new_event', 'Started', '', '0 events', '60 events'],
    ]);
    const price = findings[1];
    expect(price).toMatchObject({
      source_id: 'src_shop',
      type: 'track',
      share_before: 0,
      share_after: 0.25,
      count: 50,
    });
    expect(price?.['samples']).toEqual(['9,50 €', '9,50 €', '9,50 €']);
    expect(compared).toEqual({
      baseline: {
        from: '2026-11-14T10:00:00.000Z',
        to: '2026-11-21T10:00:00.000Z',
        events: 1300,
        examined: 1300,
      },
      window: {
        from: '2026-11-21T10:00:00.000Z',
        to: '2026-11-22T10:00:00.000Z',
        events: 380,
        examined: 380,
      },
      events_judged: 2,
      events_with_too_few: 3,
      confidence: 0.999,
    });
  });

  test('of one source only, and the product’s own when asked for', async () => {
    expect((await ask({ source: 'src_quiet' })).findings).toEqual([]);
    expect((await ask({ source: 'plumbline' })).findings.map((one) => one['kind'])).toEqual([
      'vanished_event',
      'new_event',
    ]);
  });
});
