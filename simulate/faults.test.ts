import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRng } from '../src/kernel/rng.ts';
import { planOutage } from './calendar.ts';
import { createFaults, MALFORMATIONS, malform, planFaults } from './faults.ts';
import { history } from './history.ts';
import { createMarket } from './market.ts';
import { createRun } from './run.ts';
import type { HistoryItem, WireEvent } from './wire-event.ts';

const event = (extra: Partial<WireEvent> = {}): WireEvent => ({
  type: 'track',
  event: 'Product Viewed',
  messageId: 'm-1',
  anonymousId: 'a-1',
  timestamp: '2026-03-01T00:00:00.000Z',
  properties: { price: 12.9, quantity: 2, order_id: 'ORD-1' },
  context: {},
  integrations: {},
  ...extra,
});

describe('faults', () => {
  test('a broken event differs from the whole one, keeps its id, and names what was done', () => {
    for (const kind of MALFORMATIONS) {
      const broken = malform(event(), kind);
      expect(broken.kind).toBe(kind);
      expect(broken.body.messageId).toBe('m-1');
      expect(JSON.stringify(broken.body)).not.toBe(JSON.stringify(event()));
    }
    expect(malform(event({ properties: {} }), 'price_as_text').kind).toBe('bad_timestamp');
    expect(malform(event(), 'price_as_text').body.properties?.['price']).toBe('12,90 €');
  });

  test('the record says what happened: repeats share the id, broken and late ones are listed, nothing else changes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (seed) => {
        const sent = Array.from({ length: 2_000 }, (_, i) => event({ messageId: `m-${i}` }));
        const arrived: [number, WireEvent][] = [];
        const { ledger, apply } = createFaults(createRng(seed), {
          plan: planFaults(planOutage(0, 1_000), 1_000),
          start_ms: 0,
          end_ms: 1_000 * 86_400_000,
          push: (ms, _source, _agent, _ip, body) => arrived.push([ms, body]),
        });
        sent.forEach((body, i) => {
          apply(1_000 + i, 'shop-web', 'agent', '192.0.2.1', body);
        });
        expect(arrived.length).toBe(sent.length + ledger.duplicates.length);
        const times = new Map<string, number>();
        for (const [, body] of arrived)
          times.set(body.messageId ?? '', (times.get(body.messageId ?? '') ?? 0) + 1);
        expect(
          [...times]
            .filter(([, n]) => n > 1)
            .map(([id]) => id)
            .sort(),
        ).toEqual([...ledger.duplicates].sort());
        const touched = new Set([
          ...ledger.late,
          ...ledger.duplicates,
          ...Object.values(ledger.malformed).flat(),
        ]);
        const whole = arrived.filter(([, body]) => !touched.has(body.messageId ?? ''));
        expect(whole.every(([, body]) => sent.includes(body))).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  test('in a history: outage, renamed field, empty field and repeats are where the plan says', async () => {
    const market = createMarket({ seed: 3, people: 1_500, days: 20, start_day: '2026-03-01' });
    const run = createRun(market);
    const items: HistoryItem[] = [];
    for await (const chunk of history(market, { run })) items.push(...chunk.items);
    const { outage, drift, null_spike } = market.fault_plan;
    const dayOf = (item: HistoryItem) =>
      Math.floor((Date.parse(item.received_at) - market.start_ms) / 86_400_000);
    const inWindow = (day: number) =>
      items.filter((i) => {
        const at = Date.parse(i.received_at) - (day - outage.day) * 86_400_000;
        return i.source === 'shop-web' && at >= outage.from_ms && at < outage.to_ms;
      }).length;
    expect(run.faults.lost_in_outage).toBeGreaterThan(20);
    expect(inWindow(outage.day)).toBeLessThan(inWindow(outage.day - 7) / 2);

    const renamed = items.filter((i) => i.body.properties !== undefined && 'unit_price' in i.body.properties);
    expect(new Set(renamed.map((i) => i.body.messageId)).size).toBe(run.faults.drifted);
    expect(renamed.every((i) => dayOf(i) >= drift.from_day && i.source === drift.source)).toBe(true);
    const nulled = items.filter((i) => i.body.properties?.['category'] === null);
    expect(new Set(nulled.map((i) => i.body.messageId)).size).toBe(run.faults.nulled);
    expect(nulled.every((i) => dayOf(i) >= null_spike.from_day)).toBe(true);

    const counts = new Map<string, number>();
    for (const { body } of items)
      counts.set(body.messageId ?? '', (counts.get(body.messageId ?? '') ?? 0) + 1);
    expect(
      [...counts]
        .filter(([, n]) => n > 1)
        .map(([id]) => id)
        .sort(),
    ).toEqual([...run.faults.duplicates].sort());
  });
});
