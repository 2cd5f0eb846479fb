import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { DAY_MS } from '../src/kernel/clock.ts';
import { history } from './history.ts';
import { createMarket, type MarketOptions } from './market.ts';
import { createRun } from './run.ts';
import type { HistoryItem } from './wire-event.ts';

const SMALL: MarketOptions = { seed: 11, people: 300, days: 30, start_day: '2026-03-01' };

async function play(options: MarketOptions, max_items?: number) {
  const market = createMarket(options);
  const run = createRun(market);
  const items: HistoryItem[] = [];
  const chunks: { day: string; items: number; progress: number }[] = [];
  for await (const chunk of history(market, max_items === undefined ? { run } : { run, max_items })) {
    items.push(...chunk.items);
    chunks.push({ day: chunk.day, items: chunk.items.length, progress: chunk.progress });
  }
  return { market, run, items, chunks };
}

const digest = (items: readonly HistoryItem[]) =>
  createHash('sha256')
    .update(items.map((item) => JSON.stringify(item)).join('\n'))
    .digest('hex');

describe('history', () => {
  test('the same seed gives the same bytes, however they are cut', async () => {
    const whole = await play(SMALL);
    const cut = await play(SMALL, 37);
    expect(cut.chunks.length).toBeGreaterThan(whole.chunks.length);
    expect(digest(cut.items)).toBe(digest(whole.items));
    const other = await play({ ...SMALL, seed: 12 });
    expect(digest(other.items)).not.toBe(digest(whole.items));
  });

  test('chunks follow the days, items the time of receipt, and progress ends at 1', async () => {
    const { market, items, chunks } = await play(SMALL);
    expect(new Set(chunks.map((c) => c.day)).size).toBe(SMALL.days);
    expect(chunks.at(-1)?.progress).toBe(1);
    const times = items.map((item) => Date.parse(item.received_at));
    expect(times.every((time, i) => i === 0 || time >= (times[i - 1] ?? 0))).toBe(true);
    expect(times[0]).toBeGreaterThanOrEqual(market.start_ms);
    expect(times.at(-1)).toBeLessThan(market.start_ms + market.days * DAY_MS);
  });

  test('a part that is left out changes nothing else', async () => {
    const quiet = { letters: true, stores: true, bots: true, faults: false };
    const all = await play({ ...SMALL, parts: quiet });
    for (const part of ['letters', 'stores', 'bots'] as const) {
      const without = await play({ ...SMALL, parts: { ...quiet, [part]: false } });
      const kept = new Set(without.items.map((item) => JSON.stringify(item)));
      expect(kept.size).toBe(without.items.length);
      const gone = all.items.filter((item) => !kept.has(JSON.stringify(item)));
      expect(gone.length).toBe(all.items.length - without.items.length);
      expect(gone.length).toBeGreaterThan(0);
    }
  });

  test('every message id is new, without faults', async () => {
    const { items } = await play({ ...SMALL, parts: { faults: false } });
    expect(new Set(items.map((item) => item.body.messageId)).size).toBe(items.length);
  });

  test('nobody orders before a view, a cart and a checkout; nobody refunds or reviews before the order', async () => {
    const { items, run } = await play({ ...SMALL, parts: { faults: false } });
    const seen = new Map<string, Set<string>>();
    const ordered = new Set<unknown>();
    const by_time = items.toSorted(
      (a, b) => Date.parse(a.body.timestamp ?? '') - Date.parse(b.body.timestamp ?? ''),
    );
    const skewed = new Set(
      run.market.devices.filter((d) => d.clock_skew_ms !== 0).map((d) => d.user_agent + d.ip),
    );
    let checked = 0;
    for (const { body } of by_time) {
      const who = body.anonymousId ?? '';
      const steps = seen.get(who) ?? new Set();
      seen.set(who, steps.add(body.event ?? body.type));
      const order_id = body.properties?.['order_id'];
      if (body.event === 'Order Completed') {
        ordered.add(order_id);
        if (skewed.has(`${body.context['userAgent']}${body.context['ip']}`)) continue;
        checked++;
        // A sign-in may have given the device a new id since the look, but not since the checkout.
        expect(steps.has('Checkout Started')).toBe(true);
      }
      if (body.event === 'Order Refunded' || body.event === 'Review Submitted')
        expect(ordered.has(order_id)).toBe(true);
    }
    expect(checked).toBeGreaterThan(20);
    expect(ordered.size).toBe(run.ledger.orders.length);
    for (const step of ['Product Viewed', 'Product Added', 'Cart Viewed']) {
      expect([...seen.values()].some((steps) => steps.has('Order Completed') && steps.has(step))).toBe(true);
    }
  });

  test('order events carry money that adds up to the ledger', async () => {
    const { items, run } = await play({ ...SMALL, parts: { faults: false } });
    const sent = items
      .filter((i) => i.body.event === 'Order Completed')
      .map((i) => Math.round(Number(i.body.properties?.['total']) * 100));
    expect(sent.reduce((a, b) => a + b, 0)).toBe(run.ledger.orders.reduce((a, o) => a + o.total_cents, 0));
    expect(run.stock.pieces.every((pieces) => pieces >= 0)).toBe(true);
  });

  test('a senseless option is refused by name', () => {
    expect(() => createMarket({ ...SMALL, people: 0 })).toThrow(/people/);
    expect(() => createMarket({ ...SMALL, days: 1.5 })).toThrow(/days/);
    expect(() => createMarket({ ...SMALL, start_day: '1 March' })).toThrow(/start_day/);
  });
});
