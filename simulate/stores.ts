/** Purchases in the shop's stores: known by loyalty card or by nobody. They draw on the stores' own stock. */
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../src/kernel/clock.ts';
import type { Rng } from '../src/kernel/rng.ts';
import { seasonality } from './calendar.ts';
import { CURRENCY, drawProductIndex, priceOn } from './catalogue.ts';
import { cell } from './cell.ts';
import { drawUuid } from './draws.ts';
import { isoOf } from './iso-time.ts';
import type { Person } from './people.ts';
import { REGIONS } from './regions.ts';
import type { Run } from './run.ts';
import { SERVER_LIBRARY } from './session.ts';
import { SERVER_AGENT, SERVER_IP } from './user-agents.ts';
import { isAlive } from './visits.ts';

const CARD_SHOWN_SHARE = 0.8;
const RECEIPT_BY_MAIL_SHARE = 0.1;

export function storeDay(run: Run): void {
  const { market, day } = run;
  const rng = run.root.fork(`stores/${day}`);
  const season = seasonality(market.start_ms + day * DAY_MS);
  for (const person of market.people) {
    if (person.store_rate === 0 || !isAlive(person, day)) continue;
    if (rng.next() < person.store_rate * season) purchase(run, rng, person);
  }
}

function purchase(run: Run, rng: Rng, person: Person): void {
  const { market, day } = run;
  const region = cell(REGIONS, person.region);
  const opens_ms = 9 * HOUR_MS - region.utc_offset_min * MINUTE_MS;
  const at_ms = market.start_ms + day * DAY_MS + ((opens_ms + rng.int(11 * HOUR_MS)) % DAY_MS);
  const products = Array.from({ length: 1 + rng.int(3) }, () => {
    const product = cell(
      market.catalogue.products,
      drawProductIndex(rng, market.catalogue, person.favourite_category),
    );
    return {
      product_id: product.product_id,
      sku: product.sku,
      price: priceOn(product, day) / 100,
      quantity: 1 + (rng.next() < 0.2 ? 1 : 0),
    };
  });
  const total_cents = products.reduce((sum, p) => sum + Math.round(p.price * 100) * p.quantity, 0);
  const pieces = products.reduce((sum, p) => sum + p.quantity, 0);
  const loyalty_id = rng.next() < CARD_SHOWN_SHARE ? person.loyalty_id : null;
  const email = rng.next() < RECEIPT_BY_MAIL_SHARE ? person.email : null;
  const uuid = drawUuid(rng);
  if (at_ms >= run.end_ms - 20 * MINUTE_MS) return;
  const transaction_id = `T-${uuid.slice(0, 13)}`;
  const store_id = `store-${region.region_id}-${(person.index % 3) + 1}`;
  run.ledger.store_purchases++;
  run.store_transactions.push({
    transaction_id,
    store_id,
    region: person.region,
    at_ms,
    loyalty_id,
    email,
    total_cents,
    pieces,
    person: person.index,
  });
  const external_ids =
    loyalty_id === null
      ? {}
      : { externalIds: [{ id: loyalty_id, type: 'loyalty_id', collection: 'users', encoding: 'none' }] };
  // Tills report every quarter of an hour.
  const sent_ms = at_ms + rng.int(15 * MINUTE_MS);
  run.deliver(sent_ms + 30 + rng.int(200), 'shop-stores', SERVER_AGENT, SERVER_IP, {
    type: 'track',
    event: 'Store Purchase',
    name: undefined,
    messageId: uuid,
    userId: undefined,
    anonymousId: loyalty_id === null ? `till-${transaction_id}` : `loyalty-${loyalty_id}`,
    timestamp: isoOf(at_ms),
    sentAt: isoOf(sent_ms),
    properties: {
      transaction_id,
      store_id,
      total: total_cents / 100,
      currency: CURRENCY,
      products,
      ...(loyalty_id === null ? {} : { loyalty_id }),
      ...(email === null ? {} : { email }),
    },
    traits: undefined,
    context: { library: SERVER_LIBRARY, ...external_ids },
    integrations: {},
  });
}
