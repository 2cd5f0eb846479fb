import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sourceOf } from './fixture-collector.ts';
import { createThrottle } from './throttle.ts';

test('a source without a limit never waits', () => {
  const throttle = createThrottle();
  throttle.take(sourceOf(), 1e9, 0);
  expect(throttle.wait_s(sourceOf(), 0)).toBe(0);
});

test('a batch above the limit is taken whole, and its debt is waited off', () => {
  const throttle = createThrottle();
  const source = sourceOf({ settings: { events_per_s_max: 10 } });
  expect(throttle.wait_s(source, 0)).toBe(0);
  throttle.take(source, 60, 0);
  expect(throttle.wait_s(source, 0)).toBe(5);
  expect(throttle.wait_s(source, 4_000)).toBe(1);
  expect(throttle.wait_s(source, 5_100)).toBe(0);
});

test('a new limit starts afresh', () => {
  const throttle = createThrottle();
  throttle.take(sourceOf({ settings: { events_per_s_max: 1 } }), 1_000, 0);
  expect(throttle.wait_s(sourceOf({ settings: { events_per_s_max: 100 } }), 0)).toBe(0);
});

test('whoever obeys sends, over time, no more than the limit and a burst', () => {
  const steps = fc.array(
    fc.record({ after_ms: fc.integer({ min: 0, max: 2_000 }), events: fc.integer({ min: 1, max: 50 }) }),
    { minLength: 50, maxLength: 100 },
  );
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 100 }), (requests, rate) => {
      const throttle = createThrottle();
      const source = sourceOf({ settings: { events_per_s_max: rate } });
      let now_ms = 0;
      let sent = 0;
      for (const { after_ms, events } of requests) {
        now_ms += after_ms;
        if (throttle.wait_s(source, now_ms) > 0) continue;
        throttle.take(source, events, now_ms);
        sent += events;
      }
      expect(sent).toBeLessThanOrEqual((now_ms / 1_000) * rate + rate + 50);
    }),
  );
});
