import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng } from '../src/kernel/rng.ts';
import { createUuids, cumulative, drawUuid, pickIndex, poisson } from './draws.ts';
import { isoOf } from './iso-time.ts';

test('isoOf writes what Date writes', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (ms) => {
      expect(isoOf(ms)).toBe(new Date(ms).toISOString());
    }),
  );
});

test('ids have the shape of a version 4 UUID and do not repeat', () => {
  const next = createUuids(createRng(1));
  const ids = Array.from({ length: 5_000 }, next);
  expect(new Set(ids).size).toBe(ids.length);
  const shape = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  expect(ids.concat(drawUuid(createRng(2))).every((id) => shape.test(id))).toBe(true);
});

test('counts and choices have the mean they are drawn with', () => {
  const rng = createRng(3);
  for (const mean of [0.1, 2, 12, 80]) {
    let sum = 0;
    for (let n = 0; n < 20_000; n++) sum += poisson(rng, mean);
    expect(Math.abs(sum / 20_000 - mean)).toBeLessThan(5 * Math.sqrt(mean / 20_000));
  }
  const sums = cumulative([1, 3, 0, 4]);
  const seen = [0, 0, 0, 0];
  for (let n = 0; n < 20_000; n++) {
    const i = pickIndex(rng, sums);
    seen[i] = (seen[i] ?? 0) + 1;
  }
  expect(seen[2]).toBe(0);
  expect((seen[3] ?? 0) / 20_000).toBeCloseTo(0.5, 1);
});
