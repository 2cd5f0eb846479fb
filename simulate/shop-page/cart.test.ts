import { expect, test } from 'vitest';
import { addTo, brokenOrderProps, cartProps, createCart, orderProps, pieces, total } from './cart.ts';
import { GOODS } from './goods.ts';

test('the cart adds up to the cent, and the broken order lacks what an order needs', () => {
  const cart = createCart();
  for (const good of GOODS) addTo(cart, good);
  for (const good of GOODS.slice(0, 2)) addTo(cart, good);
  expect(pieces(cart)).toBe(10);
  const cents = [...GOODS, ...GOODS.slice(0, 2)].reduce((sum, good) => sum + Math.round(good.price * 100), 0);
  expect(Math.round(total(cart) * 100)).toBe(cents);
  expect(orderProps(cart, 'WEB-1')).toMatchObject({ order_id: 'WEB-1', total: cents / 100, currency: 'EUR' });
  expect(cartProps(cart).products.length).toBe(8);
  expect(brokenOrderProps(cart)).not.toHaveProperty('order_id');
  expect(typeof brokenOrderProps(cart).total).toBe('string');
});
