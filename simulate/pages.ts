/** The shop's pages, and how a product looks inside an event on a given day. */
import { CATEGORIES, type Catalogue, CURRENCY, type Product, priceOn, SHOP_URL } from './catalogue.ts';
import { cell } from './cell.ts';

export interface Page {
  readonly path: string;
  readonly url: string;
  readonly title: string;
  readonly referrer: string;
  readonly search: string;
}

export const pageAt = (path: string, title: string, referrer = `${SHOP_URL}/`, search = ''): Page => ({
  path,
  url: `${SHOP_URL}${path}${search}`,
  title,
  referrer,
  search,
});

export const HOME = pageAt('/', 'Fernhill Coffee & Kitchen');
export const CART = pageAt('/cart', 'Your cart');
export const CHECKOUT = pageAt('/checkout', 'Checkout');
export const ACCOUNT = pageAt('/account', 'Your account');
export const CATEGORY_PAGES: readonly Page[] = CATEGORIES.map((name) =>
  pageAt(`/c/${name.toLowerCase()}`, name),
);
export const SEARCH_PAGE = pageAt('/search', 'Search results');

export const productPage = (product: Product): Page => pageAt(`/p/${product.product_id}`, product.name);

export type Props = Readonly<Record<string, unknown>>;

/** Properties that the day's events share. Objects are reused: copy before changing one. */
export interface Shelf {
  readonly pages: readonly Page[];
  readonly prices_cents: Int32Array;
  readonly views: Props[];
  /** Of each category: the first five products, as Product List Viewed shows them. */
  readonly lists: Props[];
  setDay(day: number): void;
}

export function createShelf(catalogue: Catalogue): Shelf {
  const shelf: Shelf = {
    pages: catalogue.products.map(productPage),
    prices_cents: new Int32Array(catalogue.products.length),
    views: [],
    lists: [],
    setDay: (day) => {
      for (const product of catalogue.products) {
        const price_cents = priceOn(product, day);
        if (cell(shelf.prices_cents, product.index) === price_cents) continue;
        shelf.prices_cents[product.index] = price_cents;
        shelf.views[product.index] = viewProps(product, price_cents);
      }
      catalogue.by_category.forEach((category, c) => {
        shelf.lists[c] = listProps(catalogue, c, category.products.slice(0, 5), shelf.prices_cents);
      });
    },
  };
  return shelf;
}

const viewProps = (product: Product, price_cents: number): Props => ({
  product_id: product.product_id,
  sku: product.sku,
  name: product.name,
  brand: product.brand,
  category: cell(CATEGORIES, product.category),
  price: price_cents / 100,
  currency: CURRENCY,
  quantity: 1,
  url: `${SHOP_URL}/p/${product.product_id}`,
});

const listProps = (
  catalogue: Catalogue,
  category: number,
  indexes: readonly number[],
  prices: Int32Array,
): Props => ({
  list_id: `list-${cell(CATEGORIES, category).toLowerCase()}`,
  category: cell(CATEGORIES, category),
  products: indexes.map((index, position) => ({
    product_id: cell(catalogue.products, index).product_id,
    price: cell(prices, index) / 100,
    position: position + 1,
  })),
});
