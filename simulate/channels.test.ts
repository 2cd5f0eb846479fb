import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRng } from '../src/kernel/rng.ts';
import { CHANNELS, geometricAdstock, hill, planMedia } from './channels.ts';

const spends = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 200 });

describe('channels', () => {
  test('adstock keeps the sum: what was carried in comes out, now or later', () => {
    fc.assert(
      fc.property(spends, fc.double({ min: 0, max: 0.95, noNaN: true }), (spend, decay) => {
        const out = geometricAdstock(spend, decay);
        // What is still to come after the last day is a geometric series.
        const left = ((out.at(-1) ?? 0) * decay) / (1 - decay);
        const total = spend.reduce((a, b) => a + b, 0);
        expect(out.reduce((a, b) => a + b, 0) + left).toBeCloseTo(total, 3);
        expect(out.every((value) => value >= 0)).toBe(true);
      }),
    );
  });

  test('saturation rises, stays below 1 and is a half at its half', () => {
    const positive = fc.double({ min: 1e-3, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(
        positive,
        positive,
        positive,
        fc.double({ min: 0.3, max: 4, noNaN: true }),
        (a, b, half, shape) => {
          const [low, high] = [Math.min(a, b), Math.max(a, b)];
          expect(hill(low, half, shape)).toBeLessThanOrEqual(hill(high, half, shape));
          expect(hill(high, half, shape)).toBeLessThanOrEqual(1);
          expect(hill(half, half, shape)).toBeCloseTo(0.5, 9);
          expect(hill(0, half, shape)).toBe(0);
        },
      ),
    );
  });

  test('a plan spends every channel to the cent, and its pause is empty', () => {
    const plan = planMedia(createRng(5), {
      heads: Array.from({ length: 12 }, () => 1_500),
      days: 60,
      start_ms: 0,
    });
    expect(
      plan.spend.every((amount) => amount >= 0 && Math.abs(amount * 100 - Math.round(amount * 100)) < 1e-6),
    ).toBe(true);
    CHANNELS.forEach((_, c) => {
      const from = plan.cell(c, 0, 0);
      expect(plan.spend.subarray(from, from + 12 * 60).reduce((a, b) => a + b, 0)).toBeGreaterThan(0);
    });
    const [pause] = plan.pauses;
    expect(pause?.channel).toBe('social_paid');
    for (let day = pause?.from_day ?? 0; day < (pause?.to_day ?? 0); day++) {
      for (const region of pause?.regions ?? []) expect(plan.spend[plan.cell(2, region, day)]).toBe(0);
    }
  });
});
