/** One visit from the first page to the order, and what follows it: refund and review. */
import { DAY_MS, HOUR_MS } from '../src/kernel/clock.ts';
import type { Rng } from '../src/kernel/rng.ts';
import { guestCheckout, mayForget, signInOrUp, signOut, takeOver } from './account.ts';
import { CURRENCY, drawProductIndex, drawRating, reviewText } from './catalogue.ts';
import { cell } from './cell.ts';
import { CHANNELS, channelIndex } from './channels.ts';
import { pick } from './draws.ts';
import { CART, CATEGORY_PAGES, CHECKOUT, HOME, type Props, pageAt, SEARCH_PAGE } from './pages.ts';
import type { Device, Person } from './people.ts';
import { REGIONS } from './regions.ts';
import type { Run } from './run.ts';
import {
  accountOf,
  dwell,
  type Landing,
  NO_CONTEXT,
  openPage,
  type Session,
  sayFromServer,
  track,
} from './session.ts';

export type Depth = 'bounce' | 'browse' | 'cart' | 'checkout' | 'order';

export interface Visit {
  readonly person: Person;
  readonly device: Device;
  readonly start_ms: number;
  readonly landing: Landing;
  readonly depth: Depth;
  /** Index of the channel that caused the visit; -1 when it would have happened anyway. */
  readonly caused_by: number;
  readonly rng: Rng;
}

interface Line {
  readonly product: number;
  readonly quantity: number;
  readonly price_cents: number;
}

const EMAIL = channelIndex('email');
const SEARCHES = [
  'espresso',
  'kettle',
  'gift',
  'mug',
  'green tea',
  'grinder',
  'decaf',
  'camping',
  'matcha',
  'knife',
];
const COUPONS = ['WELCOME10', 'SPRING10', 'FRIENDS10'];
const PROMOTIONS: readonly Props[] = [
  { promotion_id: 'promo-1', name: 'Free shipping from 50 EUR', creative: 'banner', position: 'home-top' },
  { promotion_id: 'promo-2', name: 'New roasts', creative: 'tile', position: 'home-middle' },
  { promotion_id: 'promo-3', name: 'Gift season', creative: 'banner', position: 'home-top' },
];

/** Plays the visit: every event is delivered through `run.deliver`. */
export function walkVisit(run: Run, visit: Visit): void {
  const s = openSession(run, visit);
  landOn(s);
  if (visit.depth !== 'bounce') shop(s, visit.depth);
  signOut(s);
}

function openSession(run: Run, visit: Visit): Session {
  const { person, device, rng, landing, caused_by } = visit;
  const s: Session = {
    run,
    rng,
    person,
    device,
    region: cell(REGIONS, person.region),
    caused_by,
    landing,
    now_ms: visit.start_ms,
    page: HOME,
    context: NO_CONTEXT,
    id_prefix: device.kind === 'app' ? '' : `ajs-next-${visit.start_ms + device.clock_skew_ms}-`,
  };
  mayForget(s);
  const anonymous = run.identities.current(device.index);
  if (!anonymous.people.includes(person.index)) anonymous.people.push(person.index);
  run.ledger.recordVisit({
    person: person.index,
    region: person.region,
    day: run.day,
    channel: landing.channel,
    caused_by,
  });
  return s;
}

function landOn(s: Session): void {
  const { rng, landing, run, person } = s;
  if (landing.channel === EMAIL && run.identities.hasAccount(person.index)) openLetter(s);
  const u = rng.next();
  const category = person.favourite_category;
  const product = drawProductIndex(rng, run.market.catalogue, category);
  const target = u < 0.5 ? HOME : u < 0.75 ? cell(CATEGORY_PAGES, category) : cell(run.shelf.pages, product);
  const { campaign } = landing;
  const search =
    campaign === null
      ? ''
      : `?utm_source=${campaign.source}&utm_medium=${campaign.medium}&utm_campaign=${campaign.name}`;
  const page = pageAt(target.path, target.title, landing.referrer, search);
  openPage(s, page, target === HOME ? 'Home' : u < 0.75 ? 'Category' : 'Product');
  takeOver(s);
  if (target === HOME && rng.next() < 0.35) promote(s);
  if (u >= 0.75) {
    dwell(s, 500, 1_000);
    track(s, 'Product Viewed', cell(run.shelf.views, product));
  }
}

/** The shop's mailer saw the letter opened and clicked, just before the page opened. */
function openLetter(s: Session): void {
  const { person, landing } = s;
  const who = { userId: person.user_id, anonymousId: undefined, person, device: undefined };
  const properties = {
    email_id: `letter-${s.run.day}`,
    campaign_name: landing.campaign?.name ?? 'weekly-letter',
    email_subject: 'Fresh this week',
  };
  sayFromServer(s.run, s.rng, s.now_ms, who, { type: 'track', event: 'Email Opened', properties });
  dwell(s, 2_000, 8_000);
  sayFromServer(s.run, s.rng, s.now_ms, who, {
    type: 'track',
    event: 'Email Clicked',
    properties: { ...properties, link_id: 'hero' },
  });
  dwell(s, 800, 500);
}

function promote(s: Session): void {
  const promotion = pick(s.rng, PROMOTIONS);
  dwell(s, 300, 900);
  track(s, 'Promotion Viewed', promotion);
  if (s.rng.next() < 0.14) {
    dwell(s, 1_000, 5_000);
    track(s, 'Promotion Clicked', promotion);
  }
}

function shop(s: Session, depth: Depth): void {
  const { rng, run } = s;
  if (rng.next() < 0.35) signInOrUp(s);
  browseLists(s);
  const looks = depth === 'browse' ? 1 + rng.int(4) : 1 + rng.int(3);
  const cart: Line[] = [];
  const wanted = depth === 'browse' ? 0 : 1 + (rng.next() < 0.35 ? 1 + rng.int(2) : 0);
  // An empty shelf makes people look further, not for ever.
  for (let look = 0; look < looks || (cart.length < wanted && look < looks + 8); look++) {
    const product = lookAt(s);
    const enough = cart.length >= wanted || cart.some((line) => line.product === product);
    if (!enough && cell(run.stock.pieces, product) >= 2) cart.push(addToCart(s, product));
  }
  if (cart.length === 0) return;
  viewCart(s, cart);
  if (depth !== 'cart') checkOut(s, cart, depth === 'order');
}

function browseLists(s: Session): void {
  const { rng, run, person } = s;
  if (rng.next() < 0.22) {
    dwell(s, 2_000, 8_000);
    openPage(s, SEARCH_PAGE, 'Search');
    track(s, 'Products Searched', { query: pick(rng, SEARCHES) });
  }
  const category = rng.next() < 0.6 ? person.favourite_category : rng.int(CATEGORY_PAGES.length);
  dwell(s, 2_000, 12_000);
  openPage(s, cell(CATEGORY_PAGES, category), 'Category');
  track(s, 'Product List Viewed', cell(run.shelf.lists, category));
}

function lookAt(s: Session): number {
  const product = drawProductIndex(s.rng, s.run.market.catalogue, s.person.favourite_category);
  dwell(s, 2_000, 20_000);
  openPage(s, cell(s.run.shelf.pages, product), 'Product');
  track(s, 'Product Viewed', cell(s.run.shelf.views, product));
  return product;
}

function addToCart(s: Session, product: number): Line {
  const price_cents = cell(s.run.shelf.prices_cents, product);
  const quantity = s.rng.next() < 0.15 ? 2 : 1;
  dwell(s, 3_000, 15_000);
  track(s, 'Product Added', { ...cell(s.run.shelf.views, product), quantity });
  return { product, quantity, price_cents };
}

const sum = (cart: readonly Line[]): number =>
  cart.reduce((total, line) => total + line.price_cents * line.quantity, 0);

const lineProps = (s: Session, cart: readonly Line[]): Props[] =>
  cart.map(({ product, quantity, price_cents }) => {
    const p = cell(s.run.market.catalogue.products, product);
    return { product_id: p.product_id, sku: p.sku, name: p.name, price: price_cents / 100, quantity };
  });

function viewCart(s: Session, cart: Line[]): void {
  dwell(s, 2_000, 10_000);
  openPage(s, CART, 'Cart');
  track(s, 'Cart Viewed', { currency: CURRENCY, value: sum(cart) / 100, products: lineProps(s, cart) });
  if (cart.length > 1 && s.rng.next() < 0.3) {
    const line = cart.pop();
    dwell(s, 2_000, 9_000);
    if (line !== undefined)
      track(s, 'Product Removed', { ...cell(s.run.shelf.views, line.product), quantity: line.quantity });
  }
}

function checkOut(s: Session, cart: Line[], buys: boolean): void {
  const { rng, run } = s;
  const order_id = `ORD-${run.next_order++}`;
  dwell(s, 3_000, 12_000);
  if (rng.next() < 0.7) signInOrUp(s);
  openPage(s, CHECKOUT, 'Checkout');
  track(s, 'Checkout Started', {
    order_id,
    currency: CURRENCY,
    value: sum(cart) / 100,
    products: lineProps(s, cart),
  });
  const coupon = rng.next() < 0.16 ? pick(rng, COUPONS) : null;
  if (coupon !== null) {
    dwell(s, 2_000, 6_000);
    track(s, 'Coupon Applied', {
      order_id,
      coupon_name: coupon,
      discount: Math.round(sum(cart) * 0.1) / 100,
    });
  }
  dwell(s, 8_000, 30_000);
  if (accountOf(s) === undefined) guestCheckout(s);
  if (!buys && rng.next() < 0.6) return;
  track(s, 'Payment Info Entered', {
    order_id,
    payment_method: pick(rng, ['card', 'card', 'paypal', 'invoice']),
  });
  dwell(s, 5_000, 15_000);
  if (buys) placeOrder(s, cart, order_id, coupon);
}

function placeOrder(s: Session, cart: readonly Line[], order_id: string, coupon: string | null): void {
  const { run, rng, person, device } = s;
  if (s.now_ms >= run.end_ms - HOUR_MS / 2) return;
  const lines = cart.filter((line) => run.stock.take(line.product, line.quantity));
  if (lines.length === 0) return;
  const goods = sum(lines);
  const discount = coupon === null ? 0 : Math.round(goods * 0.1);
  const shipping = goods - discount >= 5000 ? 0 : 490;
  const total_cents = goods - discount + shipping;
  run.ledger.recordOrder({
    order_id,
    at_ms: s.now_ms,
    person: person.index,
    region: person.region,
    day: run.day,
    total_cents,
    caused_by: s.caused_by,
  });
  const who = {
    userId: accountOf(s),
    anonymousId: run.identities.current(device.index).anonymous_id,
    person,
    device,
  };
  const properties = {
    order_id,
    total: total_cents / 100,
    revenue: (goods - discount) / 100,
    shipping: shipping / 100,
    tax: Math.round((total_cents * 19) / 119) / 100,
    discount: discount / 100,
    ...(coupon === null ? {} : { coupon }),
    currency: CURRENCY,
    products: lineProps(s, lines),
  };
  sayFromServer(run, rng, s.now_ms, who, { type: 'track', event: 'Order Completed', properties });
  dwell(s, 500, 1_000);
  openPage(s, pageAt('/thank-you', 'Thank you', CHECKOUT.url), 'Order confirmed');
  followUp(s, who, { order_id, total_cents, lines });
}

/** Days later: some send it back, some say how it was. */
function followUp(
  s: Session,
  who: Parameters<typeof sayFromServer>[3],
  { order_id, total_cents, lines }: { order_id: string; total_cents: number; lines: readonly Line[] },
): void {
  const { run, rng } = s;
  const product = cell(run.market.catalogue.products, cell(lines, 0).product);
  const rating = drawRating(rng, product.quality);
  const refunds = rng.next() < (rating <= 2 ? 0.25 : 0.05);
  const reviews = rng.next() < 0.11;
  const refund_ms = s.now_ms + Math.floor((2 + rng.next() * 12) * DAY_MS);
  const review_ms = s.now_ms + Math.floor((3 + rng.next() * 9) * DAY_MS);
  if (refunds && refund_ms < run.end_ms - 3_000) {
    run.ledger.refunds++;
    const properties = {
      order_id,
      total: total_cents / 100,
      currency: CURRENCY,
      products: lineProps(s, lines),
    };
    sayFromServer(run, rng, refund_ms, who, { type: 'track', event: 'Order Refunded', properties });
  }
  if (reviews) {
    const properties = {
      product_id: product.product_id,
      order_id,
      rating,
      review_body: reviewText(rng, rating),
    };
    sayFromServer(run, rng, review_ms, who, { type: 'track', event: 'Review Submitted', properties });
  }
}

/** Referrer and campaign of a click on a channel's ad. */
export function adLanding(rng: Rng, channel: number): Landing {
  const { source, medium, campaigns } = cell(CHANNELS, channel);
  const referrer =
    source === 'google' ? 'https://www.google.com/' : medium === 'email' ? '' : `https://${source}.example/`;
  return { channel, referrer, campaign: { source, medium, name: pick(rng, campaigns) } };
}
