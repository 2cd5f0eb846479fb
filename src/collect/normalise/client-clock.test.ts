import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../kernel/clock.ts';
import { correctedTime } from './client-clock.ts';

const received_ms = Date.parse('2026-07-21T12:00:00.000Z');
const YEAR_MS = 365 * DAY_MS;

describe('correctedTime', () => {
  test.each([
    // name, original and sent (from received), expected (from received)
    ['an exact clock', -2_000, -1_000, -1_000],
    ['a clock an hour behind', -HOUR_MS - 2_000, -HOUR_MS, -2_000],
    ['a clock an hour ahead', HOUR_MS - 2_000, HOUR_MS, -2_000],
    ['a clock that started in 1970', 60_000 - received_ms, 62_000 - received_ms, -2_000],
    ['an offline queue of three days, sent now', -3 * DAY_MS, 0, -3 * DAY_MS],
    [
      'an offline queue on a clock ten minutes ahead',
      -3 * DAY_MS + 10 * MINUTE_MS,
      10 * MINUTE_MS,
      -3 * DAY_MS,
    ],
    ['sentAt kept from the first try, days ago', -3 * DAY_MS - 1_000, -3 * DAY_MS, -1_000],
    ['history, given with its own time', -2 * YEAR_MS, 0, -2 * YEAR_MS],
    ['sentAt before the event, by a little: not later than its arrival', 5 * MINUTE_MS, 0, 0],
    ['a time up to a day ahead: not later than its arrival', DAY_MS, 0, 0],
  ])('%s', (_name, original, sent, expected) => {
    const times = { original_ms: received_ms + original, sent_ms: received_ms + sent, received_ms };
    expect(correctedTime(times)).toBe(received_ms + expected);
  });

  test('without sentAt the client is believed', () => {
    expect(correctedTime({ original_ms: received_ms - HOUR_MS, sent_ms: Number.NaN, received_ms })).toBe(
      received_ms - HOUR_MS,
    );
  });
  test('without a time of its own an event happened when it arrived', () => {
    expect(correctedTime({ original_ms: Number.NaN, sent_ms: received_ms - HOUR_MS, received_ms })).toBe(
      received_ms,
    );
    expect(correctedTime({ original_ms: Number.NaN, sent_ms: Number.NaN, received_ms })).toBe(received_ms);
  });
  test.each([
    ['a spoofed time in the future', received_ms + DAY_MS + 1, received_ms],
    ['sentAt spoofed into the past, which pushes the event ahead', received_ms, received_ms - 2 * DAY_MS],
    ['a time before 2000', Date.UTC(1999, 11, 31), received_ms],
  ])('%s is impossible', (_name, original_ms, sent_ms) => {
    expect(correctedTime({ original_ms, sent_ms, received_ms })).toBeNaN();
  });

  test('an error of the clock that both times share makes no difference', () => {
    const ms = fc.integer({ min: -YEAR_MS, max: 0 });
    fc.assert(
      fc.property(ms, ms, fc.integer({ min: -YEAR_MS, max: YEAR_MS }), (original, sent, error) => {
        const right = correctedTime({
          original_ms: received_ms + original,
          sent_ms: received_ms + sent,
          received_ms,
        });
        const wrong = correctedTime({
          original_ms: received_ms + original + error,
          sent_ms: received_ms + sent + error,
          received_ms,
        });
        expect(wrong).toBe(right);
      }),
    );
  });
});
