/** What the shop sells: price, cost, margin, stock, price cuts and reviews. Money in cents inside, in currency units on the wire. */
import { DAY_MS } from '../src/kernel/clock.ts';
import type { Rng } from '../src/kernel/rng.ts';
import { cell } from './cell.ts';
import { cumulative, pick, pickIndex, poisson } from './draws.ts';
import { dayText } from './iso-time.ts';

export const CURRENCY = 'EUR';
export const SHOP_URL = 'https://shop.example';

export const CATEGORIES = [
  'Coffee',
  'Tea',
  'Kettles',
  'Grinders',
  'Cups',
  'Kitchen',
  'Gifts',
  'Outdoor',
] as const;
const PRICES_CENTS = [1290, 990, 5490, 8990, 1790, 3490, 2990, 4290];
const BRANDS = ['Fernhill', 'Kupari', 'Nordlys', 'Casa Prima', 'Alder & Ash', 'Monte', 'Halden', 'Ostara'];
const MADE = [
  'Everyday',
  'Classic',
  'Compact',
  'Slow',
  'Morning',
  'Harvest',
  'Copper',
  'Stone',
  'Travel',
  'Studio',
  'Ember',
  'Linen',
];
const THINGS: readonly (readonly string[])[] = [
  ['Espresso Beans', 'Filter Roast', 'Decaf Roast', 'Single Origin', 'Cold Brew Bags'],
  ['Green Tea', 'Earl Grey', 'Rooibos', 'Herbal Blend', 'Matcha'],
  ['Gooseneck Kettle', 'Stovetop Kettle', 'Electric Kettle', 'Milk Steamer'],
  ['Hand Grinder', 'Burr Grinder', 'Scale', 'Tamper'],
  ['Mug', 'Espresso Cup', 'Tea Bowl', 'Latte Glass', 'Cup Set'],
  ['Cutting Board', 'Knife', 'Apron', 'Storage Jar', 'Cast Iron Pan'],
  ['Gift Box', 'Sampler', 'Subscription Card', 'Cookbook'],
  ['Camp Press', 'Vacuum Bottle', 'Camp Stove', 'Picnic Set'],
];

export interface Review {
  readonly day: string;
  readonly rating: number;
  readonly text: string;
}

export interface Product {
  readonly index: number;
  readonly product_id: string;
  readonly sku: string;
  readonly name: string;
  readonly brand: string;
  readonly category: number;
  readonly price_cents: number;
  readonly cost_cents: number;
  /** How good it is, 1 to 5: the truth behind its ratings. */
  readonly quality: number;
  readonly popularity: number;
  readonly first_stock: number;
  /** Pieces that arrive on every `restock_every_days`th day. */
  readonly restock_pieces: number;
  readonly restock_every_days: number;
  readonly cut: { readonly from_day: number; readonly to_day: number; readonly share: number } | null;
  readonly reviews: readonly Review[];
}

export interface Catalogue {
  readonly products: readonly Product[];
  /** To draw a product by popularity. */
  readonly sums: Float64Array;
  /** Products of each category, most popular first, with sums to draw from. */
  readonly by_category: readonly { readonly products: readonly number[]; readonly sums: Float64Array }[];
}

/** Stock grows with the number of `people`, so that about as many products run out at any scale. */
export function createCatalogue(
  root: Rng,
  {
    products = 240,
    people,
    days,
    start_ms,
  }: { products?: number; people: number; days: number; start_ms: number },
): Catalogue {
  const rng = root.fork('catalogue');
  const list = Array.from({ length: products }, (_, index) =>
    drawProduct(rng, index, { people, days, start_ms }),
  );
  const by_category = CATEGORIES.map((_, category) => {
    const indexes = list.filter((p) => p.category === category).map((p) => p.index);
    indexes.sort((a, b) => cell(list, b).popularity - cell(list, a).popularity || a - b);
    return { products: indexes, sums: cumulative(indexes.map((i) => cell(list, i).popularity)) };
  });
  return { products: list, sums: cumulative(list.map((p) => p.popularity)), by_category };
}

function drawProduct(
  rng: Rng,
  index: number,
  at: { people: number; days: number; start_ms: number },
): Product {
  const category = index % CATEGORIES.length;
  const things = cell(THINGS, category);
  // Zipf: a few products sell most.
  const popularity = 1 / (1 + rng.int(60)) ** 0.7;
  const price_cents = Math.max(
    290,
    Math.round((cell(PRICES_CENTS, category) * (0.5 + rng.next() * 1.2)) / 100) * 100 - 10,
  );
  const pieces_a_week = Math.max(3, Math.round(at.people * 0.0009 * popularity * (0.6 + rng.next())));
  const cut = rng.next() < 0.25;
  const from_day = rng.int(Math.max(1, at.days));
  const cut_days = 3 + rng.int(12);
  const share = pick(rng, [0.1, 0.15, 0.2, 0.3]);
  const quality = Math.min(5, Math.max(1.5, 4.1 + 0.6 * rng.normal()));
  return {
    index,
    product_id: `p-${1000 + index}`,
    sku: `SKU-${cell(CATEGORIES, category).slice(0, 3).toUpperCase()}-${1000 + index}`,
    name: `${pick(rng, MADE)} ${pick(rng, things)}`,
    brand: pick(rng, BRANDS),
    category,
    price_cents,
    cost_cents: Math.round(price_cents * (0.38 + rng.next() * 0.3)),
    quality,
    popularity,
    first_stock: pieces_a_week * (1 + rng.int(4)),
    restock_pieces: pieces_a_week * 2,
    restock_every_days: 7 + rng.int(10),
    cut: cut ? { from_day, to_day: from_day + cut_days, share } : null,
    reviews: Array.from({ length: poisson(rng, 6 * popularity ** 0.5) }, () =>
      drawReview(rng, quality, at.start_ms),
    ),
  };
}

function drawReview(rng: Rng, quality: number, start_ms: number): Review {
  const rating = drawRating(rng, quality);
  return { day: dayText(start_ms - (1 + rng.int(300)) * DAY_MS), rating, text: reviewText(rng, rating) };
}

/** 1 to 5 stars around the product's quality; angry buyers write more than content ones. */
export function drawRating(rng: Rng, quality: number): number {
  if (rng.next() < 0.06) return 1;
  return Math.min(5, Math.max(1, Math.round(quality + 0.9 * rng.normal())));
}

const PRAISE = [
  'Love it, use it every morning.',
  'Great quality for the price.',
  'Exactly as described, fast delivery.',
  'Beautiful and solid.',
  'Bought a second one as a gift.',
];
const SHRUG = [
  'It is fine.',
  'Okay, but smaller than I thought.',
  'Does what it should, nothing more.',
  'Nice, delivery took a while.',
];
const BLAME = [
  'Broke after two weeks.',
  'Arrived damaged, support was slow.',
  'Not worth the money.',
  'Smells of plastic, sent it back.',
  'The lid leaks. Disappointed.',
];

export const reviewText = (rng: Rng, rating: number): string =>
  pick(rng, rating >= 4 ? PRAISE : rating === 3 ? SHRUG : BLAME);

/** Price in cents on a day of the history, price cuts applied. */
export function priceOn(product: Product, day: number): number {
  const cut = product.cut;
  if (cut === null || day < cut.from_day || day >= cut.to_day) return product.price_cents;
  return Math.round(product.price_cents * (1 - cut.share));
}

/** A product for someone who likes `category`: six in ten looks stay inside it. */
export function drawProductIndex(rng: Rng, catalogue: Catalogue, category: number): number {
  if (rng.next() < 0.6) {
    const shelf = cell(catalogue.by_category, category);
    return cell(shelf.products, pickIndex(rng, shelf.sums));
  }
  return pickIndex(rng, catalogue.sums);
}

/** What is on the shelf. Never negative: a sale of more pieces than there are is refused. */
export interface Stock {
  readonly pieces: Int32Array;
  /** False, and nothing changes, when there are fewer than `quantity`. */
  take(product: number, quantity: number): boolean;
  /** Deliveries of this day. */
  restock(day: number): void;
}

export function createStock(catalogue: Catalogue): Stock {
  const pieces = Int32Array.from(catalogue.products, (p) => p.first_stock);
  return {
    pieces,
    take: (product, quantity) => {
      const left = cell(pieces, product) - quantity;
      if (left < 0) return false;
      pieces[product] = left;
      return true;
    },
    restock: (day) => {
      for (const p of catalogue.products) {
        if ((day + p.index) % p.restock_every_days === 0)
          pieces[p.index] = cell(pieces, p.index) + p.restock_pieces;
      }
    },
  };
}
