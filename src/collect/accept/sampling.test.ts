import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inSample } from './sampling.ts';

test('the share kept is the share asked for, also for ids in a row', () => {
  for (const rate of [0.05, 0.5, 0.9]) {
    const kept = Array.from({ length: 20_000 }, (_, i) => inSample('src_1', `user-${i}`, rate)).filter(
      Boolean,
    ).length;
    // Four standard deviations of a binomial count.
    expect(Math.abs(kept - 20_000 * rate)).toBeLessThan(4 * Math.sqrt(20_000 * rate * (1 - rate)));
  }
});

test('0 keeps nobody, 1 everybody, and a higher rate keeps whom a lower one kept', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (person, a, b) => {
        expect(inSample('s', person, 0)).toBe(false);
        expect(inSample('s', person, 1)).toBe(true);
        if (inSample('s', person, Math.min(a, b))) expect(inSample('s', person, Math.max(a, b))).toBe(true);
      },
    ),
  );
});
