/**
 * What goes wrong between the shop and the collector: repeated, late and broken events, a field that changes its name
 * on a day, a field that goes empty for two days, and an outage. Everything done is kept by message id.
 */
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../src/kernel/clock.ts';
import type { Rng } from '../src/kernel/rng.ts';
import type { Outage } from './calendar.ts';
import { cell } from './cell.ts';
import { isoOf } from './iso-time.ts';
import type { SourceName, WireEvent } from './wire-event.ts';

export const MALFORMATIONS = [
  'price_as_text',
  'negative_quantity',
  'missing_identity',
  'bad_timestamp',
  'missing_event_name',
  'unknown_type',
  'missing_order_id',
] as const;
export type Malformation = (typeof MALFORMATIONS)[number];

const DUPLICATE_SHARE = 0.006;
const LATE_SHARE = 0.006;
const MALFORMED_SHARE = 0.003;
const ORDER_WITHOUT_ID_SHARE = 0.012;
const NULL_SHARE = 0.55;

export interface FaultPlan {
  readonly outage: Outage;
  /** From this day on the app sends `unit_price` where it sent `price`, and `quantity` as text, on Product Added. */
  readonly drift: { readonly source: 'shop-app'; readonly event: 'Product Added'; readonly from_day: number };
  /** On these days the browser sends `category: null` on most of its Product Viewed. */
  readonly null_spike: {
    readonly source: 'shop-web';
    readonly event: 'Product Viewed';
    readonly field: 'category';
    readonly from_day: number;
    readonly to_day: number;
  };
}

export interface FaultLedger {
  readonly duplicates: string[];
  readonly late: string[];
  readonly malformed: Record<Malformation, string[]>;
  lost_in_outage: number;
  drifted: number;
  nulled: number;
  /** Repeats and late ones whose receipt would fall after the end of the history; they were left out. */
  after_end: number;
}

/** Five arguments and no object: a million of them pass here. */
export type Push = (
  received_ms: number,
  source: SourceName,
  user_agent: string,
  ip: string,
  body: WireEvent,
) => void;

export function planFaults(outage: Outage, days: number): FaultPlan {
  const spike = Math.floor(days * 0.8);
  return {
    outage,
    drift: { source: 'shop-app', event: 'Product Added', from_day: Math.floor(days * 0.7) },
    null_spike: {
      source: 'shop-web',
      event: 'Product Viewed',
      field: 'category',
      from_day: spike,
      to_day: spike + 2,
    },
  };
}

const emptyLedger = (): FaultLedger => ({
  duplicates: [],
  late: [],
  malformed: {
    price_as_text: [],
    negative_quantity: [],
    missing_identity: [],
    bad_timestamp: [],
    missing_event_name: [],
    unknown_type: [],
    missing_order_id: [],
  },
  lost_in_outage: 0,
  drifted: 0,
  nulled: 0,
  after_end: 0,
});

/** A function that hands a delivery on, once, twice, later, changed or not at all; and the record of what it did. */
export function createFaults(
  root: Rng,
  { plan, start_ms, end_ms, push }: { plan: FaultPlan; start_ms: number; end_ms: number; push: Push },
): { ledger: FaultLedger; apply: Push } {
  const rng = root.fork('faults');
  const ledger = emptyLedger();
  const drift_ms = start_ms + plan.drift.from_day * DAY_MS;
  const spike_ms = start_ms + plan.null_spike.from_day * DAY_MS;
  const spike_end_ms = start_ms + plan.null_spike.to_day * DAY_MS;
  const { outage } = plan;

  const isLost = (received_ms: number, source: SourceName, u: number) =>
    source === outage.source &&
    received_ms >= outage.from_ms &&
    received_ms < outage.to_ms &&
    u < outage.share_lost;

  const altered = (received_ms: number, source: SourceName, body: WireEvent): WireEvent => {
    if (source === plan.drift.source && body.event === plan.drift.event && received_ms >= drift_ms) {
      ledger.drifted++;
      return drifted(body);
    }
    const spikes = source === plan.null_spike.source && body.event === plan.null_spike.event;
    if (spikes && received_ms >= spike_ms && received_ms < spike_end_ms && rng.next() < NULL_SHARE) {
      ledger.nulled++;
      return { ...body, properties: { ...body.properties, category: null } };
    }
    return body;
  };

  const apply: Push = (received_ms, source, user_agent, ip, sent) => {
    if (isLost(received_ms, source, rng.next())) {
      ledger.lost_in_outage++;
      return;
    }
    const body = altered(received_ms, source, sent);
    const u = rng.next();
    const id = body.messageId ?? '';
    if (u < MALFORMED_SHARE || (body.event === 'Order Completed' && u < ORDER_WITHOUT_ID_SHARE)) {
      const kind = body.event === 'Order Completed' ? 'missing_order_id' : cell(MALFORMATIONS, rng.int(6));
      const broken = malform(body, kind);
      ledger.malformed[broken.kind].push(id);
      push(received_ms, source, user_agent, ip, broken.body);
    } else if (u > 1 - LATE_SHARE) {
      // An offline phone or a kept queue: up to three days later, sent at that time.
      const late_ms = received_ms + Math.floor(HOUR_MS * Math.exp(rng.next() * Math.log(72)));
      const arrives = late_ms < end_ms;
      if (arrives) ledger.late.push(id);
      else ledger.after_end++;
      if (arrives) push(late_ms, source, user_agent, ip, { ...body, sentAt: isoOf(late_ms - 120) });
      else push(received_ms, source, user_agent, ip, body);
    } else {
      push(received_ms, source, user_agent, ip, body);
      if (u > 1 - LATE_SHARE - DUPLICATE_SHARE) repeat(received_ms, source, user_agent, ip, body);
    }
  };

  /** The client did not hear the answer: the same message id again, seconds or days later. */
  const repeat: Push = (received_ms, source, user_agent, ip, body) => {
    const soon = rng.next() < 0.8;
    const again_ms = received_ms + (soon ? 1_000 + rng.int(MINUTE_MS) : HOUR_MS + rng.int(4 * DAY_MS));
    if (again_ms >= end_ms) {
      ledger.after_end++;
      return;
    }
    ledger.duplicates.push(body.messageId ?? '');
    push(again_ms, source, user_agent, ip, { ...body, sentAt: isoOf(again_ms - 120) });
  };

  return { ledger, apply };
}

function drifted(body: WireEvent): WireEvent {
  const { price, quantity, ...rest } = body.properties ?? {};
  return { ...body, properties: { ...rest, unit_price: price, quantity: String(quantity) } };
}

/** Breaks one event in this way, or by its timestamp where this way does not apply to it. */
export function malform(body: WireEvent, kind: Malformation): { kind: Malformation; body: WireEvent } {
  const properties = body.properties ?? {};
  if (kind === 'price_as_text' && typeof properties['price'] === 'number') {
    const price = `${properties['price'].toFixed(2).replace('.', ',')} €`;
    return { kind, body: { ...body, properties: { ...properties, price } } };
  }
  if (kind === 'negative_quantity' && typeof properties['quantity'] === 'number') {
    return { kind, body: { ...body, properties: { ...properties, quantity: -properties['quantity'] } } };
  }
  if (kind === 'missing_order_id' && 'order_id' in properties) {
    const { order_id: _, ...rest } = properties;
    return { kind, body: { ...body, properties: rest } };
  }
  if (kind === 'missing_event_name' && body.type === 'track')
    return { kind, body: { ...body, event: undefined } };
  if (kind === 'missing_identity')
    return { kind, body: { ...body, userId: undefined, anonymousId: undefined } };
  if (kind === 'unknown_type') return { kind, body: { ...body, type: `${body.type}ed` } };
  return { kind: 'bad_timestamp', body: { ...body, timestamp: 'yesterday at noon' } };
}
