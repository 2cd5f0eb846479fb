import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dayCounter, dayStart, isTimeZone } from './local-day.ts';

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
];
const counters = new Map(ZONES.map((zone) => [zone, dayCounter(zone)]));
const moments = fc.integer({ min: Date.parse('2012-01-01'), max: Date.parse('2030-01-01') });

test('counts the days of the wall calendar', () => {
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), moments, (zone, ms) => {
      const date = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).toPlainDate();
      const expected = Temporal.PlainDate.from('1970-01-01').until(date).days;
      expect(counters.get(zone)?.(ms)).toBe(expected);
    }),
    { numRuns: 500 },
  );
});

test('finds the first millisecond of a day', () => {
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), moments, (zone, ms) => {
      const dayOf = counters.get(zone) ?? (() => 0);
      const start = dayStart(ms, dayOf);
      expect(start).toBeLessThanOrEqual(ms);
      expect(dayOf(start)).toBe(dayOf(ms));
      expect(dayOf(start - 1)).not.toBe(dayOf(ms));
    }),
    { numRuns: 500 },
  );
});

test('knows IANA names in their own spelling', () => {
  expect(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires'].map(isTimeZone)).toEqual([
    true,
    true,
    true,
  ]);
  expect(['', 'utc', 'EUROPE/BERLIN', '+01:00', 'Europe/Nowhere'].map(isTimeZone)).toEqual([
    false,
    false,
    false,
    false,
    false,
  ]);
});
