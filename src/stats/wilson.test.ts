import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normalQuantile, twoSidedZ } from './normal.ts';
import { wilsonInterval } from './wilson.ts';

test('normal quantiles as tabulated', () => {
  expect(normalQuantile(0.5)).toBe(0);
  expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 14);
  expect(normalQuantile(1e-10)).toBeCloseTo(-6.361340902404056, 12);
  expect(normalQuantile(1e-30)).toBeCloseTo(-11.464024688443617, 10);
  expect(twoSidedZ(0.999)).toBeCloseTo(3.2905267314919255, 12);
  expect(() => normalQuantile(1)).toThrow(RangeError);
});

test('normal quantiles rise and mirror', () => {
  const p = fc.double({ min: 1e-6, max: 0.5, noNaN: true });
  fc.assert(
    fc.property(p, p, (a, b) => {
      expect(normalQuantile(a)).toBeCloseTo(-normalQuantile(1 - a), 8);
      if (a < b) expect(normalQuantile(a)).toBeLessThanOrEqual(normalQuantile(b));
    }),
  );
});

test('81 of 263 gives .2553 to .3662 (Newcombe 1998, table I, method 3); 0 of 20 gives 0 to .1611', () => {
  const { low, high } = wilsonInterval(81, 263);
  expect([low, high]).toEqual([expect.closeTo(0.2553, 4), expect.closeTo(0.3662, 4)]);
  expect(wilsonInterval(0, 20)).toMatchObject({ low: 0, high: expect.closeTo(0.1611, 4) });
  expect(wilsonInterval(0, 0)).toEqual({ share: 0, low: 0, high: 1 });
});

test('holds the share, stays in 0..1, mirrors, and narrows with more trials', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (n, part) => {
        const hits = Math.round(n * part);
        const { share, low, high } = wilsonInterval(hits, n);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low <= share && share <= high).toBe(true);
        expect(wilsonInterval(n - hits, n).low).toBeCloseTo(1 - high, 12);
        const more = wilsonInterval(hits * 10, n * 10);
        expect(more.high - more.low).toBeLessThan(high - low);
      },
    ),
  );
});
