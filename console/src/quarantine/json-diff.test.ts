import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffJson, pathsOf } from './json-diff.ts';

test('names each changed leaf by its path', () => {
  const before = {
    event: 'Seen',
    properties: { price: '12,50', old: 1, products: [{ sku: 'a' }, { sku: 'b' }] },
  };
  const after = {
    event: 'Seen',
    properties: { price: 12.5, currency: 'EUR', products: [{ sku: 'a' }, { sku: 'c' }] },
  };
  expect(diffJson(before, after)).toEqual([
    { path: 'properties.price', before: '12,50', after: 12.5 },
    { path: 'properties.old', before: 1, after: undefined },
    { path: 'properties.products[1].sku', before: 'b', after: 'c' },
    { path: 'properties.currency', before: undefined, after: 'EUR' },
  ]);
});

test('is empty exactly when both write the same JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      expect(diffJson(a, a)).toEqual([]);
      if (JSON.stringify(a) !== JSON.stringify(b) && !sameUpToOrder(a, b))
        expect(diffJson(a, b)).not.toEqual([]);
    }),
  );
});

test('offers every field of a payload', () => {
  expect(pathsOf({ event: 'x', properties: { list: [{ a: 1 }] } })).toEqual([
    'event',
    'properties',
    'properties.list',
    'properties.list[0]',
    'properties.list[0].a',
  ]);
});

/** Objects with the same keys in another order have no differing leaf. */
function sameUpToOrder(a: unknown, b: unknown): boolean {
  const sorted = (value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([x], [y]) => (x < y ? -1 : 1))
            .map(([key, each]) => [key, sorted(each)]),
        )
      : Array.isArray(value)
        ? value.map(sorted)
        : value;
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}
