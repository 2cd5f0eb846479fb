import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng } from '../src/kernel/rng.ts';
import { createCatalogue, createStock, priceOn } from './catalogue.ts';

const catalogue = createCatalogue(createRng(1), { people: 1_000, days: 90, start_ms: 0 });

test('stock is never negative and a refused sale takes nothing', () => {
  const sale = fc.record({ product: fc.nat(239), quantity: fc.integer({ min: 1, max: 50 }) });
  fc.assert(
    fc.property(fc.array(sale, { maxLength: 300 }), (sales) => {
      const stock = createStock(catalogue);
      for (const { product, quantity } of sales) {
        const before = stock.pieces[product] ?? 0;
        const sold = stock.take(product, quantity);
        expect(sold).toBe(before >= quantity);
        expect(stock.pieces[product]).toBe(sold ? before - quantity : before);
      }
      expect(stock.pieces.every((pieces) => pieces >= 0)).toBe(true);
    }),
  );
});

test('products earn something at the list price, and a price cut ends', () => {
  const cut = catalogue.products.filter((p) => p.cut !== null);
  expect(cut.length).toBeGreaterThan(10);
  for (const product of catalogue.products) {
    expect(product.cost_cents).toBeLessThan(product.price_cents);
    const { cut: window } = product;
    if (window === null) continue;
    expect(priceOn(product, window.from_day)).toBeLessThan(product.price_cents);
    expect(priceOn(product, window.to_day)).toBe(product.price_cents);
  }
});
