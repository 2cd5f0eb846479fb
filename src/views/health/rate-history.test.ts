import { expect, test } from 'vitest';
import { createRateHistory } from './rate-history.ts';

test('rates are over the last minute, points are one a minute and at most sixty', () => {
  const history = createRateHistory();
  expect(history.rates().accepted_per_s_1m).toBe(0);
  for (let s = 0; s <= 2 * 3600; s++) {
    // 10 a second in the first hour, 20 in the second.
    const accepted = s <= 3600 ? 10 * s : 36_000 + 20 * (s - 3600);
    history.observe(s * 1000, { accepted, processed: accepted / 2, refused: 0 }, 7);
  }
  expect(history.rates()).toEqual({ accepted_per_s_1m: 20, processed_per_s_1m: 10, refused_per_s_1m: 0 });
  expect(history.points()).toHaveLength(60);
  expect(history.points().at(-1)).toEqual({
    at: '1970-01-01T02:00:00.000Z',
    accepted: 1200,
    processed: 600,
    refused: 0,
    lag: 7,
  });
});
