/** What really happened while a history was written: the source of truth.json and of what ad platforms claim. */

import { cell } from './cell.ts';
import { CHANNELS, type MediaPlan } from './channels.ts';

export interface OrderRecord {
  readonly order_id: string;
  readonly at_ms: number;
  readonly person: number;
  readonly region: number;
  readonly day: number;
  readonly total_cents: number;
  /** Index of the channel without which the visit would not have been; -1 when none. */
  readonly caused_by: number;
}

export interface Ledger {
  readonly orders: OrderRecord[];
  refunds: number;
  store_purchases: number;
  /** Visits and orders that each channel caused, and visits that came through it, in cells of the media plan. */
  readonly caused_visits: Int32Array;
  readonly caused_orders: Int32Array;
  readonly landings: Int32Array;
  /** Orders and cents after a click on the channel in the last seven days: what its platform sees. */
  readonly clicked_orders: Int32Array;
  readonly clicked_cents: Float64Array;
  /** All orders and their cents by `region * days + day`. */
  readonly region_orders: Int32Array;
  readonly region_cents: Float64Array;
  recordVisit(visit: {
    person: number;
    region: number;
    day: number;
    channel: number;
    caused_by: number;
  }): void;
  recordOrder(order: OrderRecord): void;
}

const CLICK_WINDOW_DAYS = 7;
const NEVER = -32000;

export function createLedger(media: MediaPlan, people: number): Ledger {
  const width = CHANNELS.length;
  const cells = media.spend.length;
  const last_click = new Int16Array(people * width).fill(NEVER);
  const inside = (day: number) => day >= 0 && day < media.days;
  const add = (into: Int32Array | Float64Array, at: number, amount: number) => {
    into[at] = cell(into, at) + amount;
  };
  const ledger: Ledger = {
    orders: [],
    refunds: 0,
    store_purchases: 0,
    caused_visits: new Int32Array(cells),
    caused_orders: new Int32Array(cells),
    landings: new Int32Array(cells),
    clicked_orders: new Int32Array(cells),
    clicked_cents: new Float64Array(cells),
    region_orders: new Int32Array(media.regions * media.days),
    region_cents: new Float64Array(media.regions * media.days),
    recordVisit: ({ person, region, day, channel, caused_by }) => {
      if (!inside(day)) return;
      if (channel >= 0) {
        last_click[person * width + channel] = day;
        add(ledger.landings, media.cell(channel, region, day), 1);
      }
      if (caused_by >= 0) add(ledger.caused_visits, media.cell(caused_by, region, day), 1);
    },
    recordOrder: (order) => {
      const { region, day, total_cents } = order;
      if (!inside(day)) return;
      ledger.orders.push(order);
      add(ledger.region_orders, region * media.days + day, 1);
      add(ledger.region_cents, region * media.days + day, total_cents);
      if (order.caused_by >= 0) add(ledger.caused_orders, media.cell(order.caused_by, region, day), 1);
      for (let c = 0; c < width; c++) {
        if (day - cell(last_click, order.person * width + c) > CLICK_WINDOW_DAYS) continue;
        add(ledger.clicked_orders, media.cell(c, region, day), 1);
        add(ledger.clicked_cents, media.cell(c, region, day), total_cents);
      }
    },
  };
  return ledger;
}
