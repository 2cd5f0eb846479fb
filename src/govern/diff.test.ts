import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from './canonical-json.ts';
import { diff } from './diff.ts';

test('differences are named by path', () => {
  const before = { title: 'a', size: 1, rules: { min: 1, gone: true }, tags: ['x', 'y'] };
  const after = { title: 'a', size: 2, rules: { min: 1, 'odd key': 0 }, tags: ['x'] };
  expect(diff(before, after)).toEqual([
    { path: 'size', before: 1, after: 2 },
    { path: 'rules.gone', before: true },
    { path: 'rules["odd key"]', after: 0 },
    { path: 'tags[1]', before: 'y' },
  ]);
});

test('an item put into a list is one difference, by its name', () => {
  const order = { event: 'Order Completed', schema: { type: 'object' } };
  const added = { event: 'Product Added', type: 'track', version: '2' };
  expect(diff({ events: [order] }, { events: [added, order] })).toEqual([
    { path: 'events[Product Added track 2]', after: added },
  ]);
});

test('a new order alone is a difference too', () => {
  const [a, b] = [{ name: 'a' }, { name: 'b' }];
  expect(diff([a, b], [b, a])).toEqual([{ path: '[order]', before: ['a', 'b'], after: ['b', 'a'] }]);
});

test('the same key twice falls back to the index', () => {
  expect(diff([{ name: 'a' }, { name: 'a' }], [{ name: 'a' }, { name: 'b' }])).toEqual([
    { path: '[1].name', before: 'a', after: 'b' },
  ]);
});

test('no difference exactly when the two are the same JSON value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      expect(diff(a, structuredClone(a))).toEqual([]);
      expect(diff(a, b).length === 0).toBe(canonicalJson(a) === canonicalJson(b));
    }),
  );
});

test('canonical JSON does not depend on the order of keys, and reads back', () => {
  expect(canonicalJson({ b: 1, a: [{ d: null, c: 'x' }] })).toBe('{"a":[{"c":"x","d":null}],"b":1}');
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const plain = JSON.parse(JSON.stringify(value));
      expect(JSON.parse(canonicalJson(plain))).toEqual(plain);
    }),
  );
});
