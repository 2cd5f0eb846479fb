/** What is in the cart: goods and how many. */
import { CURRENCY, type Good, goodProps } from './goods.ts';

export interface Cart {
  readonly cart_id: string;
  readonly lines: Map<Good, number>;
}

export const createCart = (): Cart => ({ cart_id: `cart-${Date.now().toString(36)}`, lines: new Map() });

export const addTo = (cart: Cart, good: Good): void => {
  cart.lines.set(good, (cart.lines.get(good) ?? 0) + 1);
};

export const pieces = (cart: Cart): number => [...cart.lines.values()].reduce((a, b) => a + b, 0);

/** In currency units, to the cent. */
export const total = (cart: Cart): number =>
  Math.round([...cart.lines].reduce((sum, [good, quantity]) => sum + good.price * quantity, 0) * 100) / 100;

const products = (cart: Cart) =>
  [...cart.lines].map(([good, quantity]) => ({ ...goodProps(good), quantity }));

export const cartProps = (cart: Cart) => ({
  cart_id: cart.cart_id,
  currency: CURRENCY,
  value: total(cart),
  products: products(cart),
});

export const orderProps = (cart: Cart, order_id: string) => ({
  order_id,
  total: total(cart),
  revenue: total(cart),
  tax: Math.round((total(cart) * 100 * 19) / 119) / 100,
  currency: CURRENCY,
  products: products(cart),
});

/** No order number, and a total in words: what a tracking plan is there to catch. */
export const brokenOrderProps = (cart: Cart) => {
  const { order_id: _, ...rest } = orderProps(cart, '');
  return { ...rest, total: 'a lot' };
};
