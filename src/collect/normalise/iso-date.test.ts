import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatIso, readDate } from './iso-date.ts';

describe('readDate', () => {
  test.each([
    ['2026-07-21T09:30:00.000Z', '2026-07-21T09:30:00.000Z'],
    ['2026-07-21T09:30:00Z', '2026-07-21T09:30:00.000Z'],
    ['2026-07-21T09:30:00.123456789Z', '2026-07-21T09:30:00.123Z'],
    ['2026-07-21T09:30:00,5Z', '2026-07-21T09:30:00.500Z'],
    ['2026-07-21T09:30', '2026-07-21T09:30:00.000Z'],
    ['2026-07-21 09:30:00', '2026-07-21T09:30:00.000Z'],
    ['2026-07-21', '2026-07-21T00:00:00.000Z'],
    ['2026-07-21t09:30:00z', '2026-07-21T09:30:00.000Z'],
    ['2026-07-21T09:30:00+02:00', '2026-07-21T07:30:00.000Z'],
    ['2026-07-21T09:30:00-0330', '2026-07-21T13:00:00.000Z'],
    ['2026-07-21T09:30:00+02', '2026-07-21T07:30:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    [1_784_626_200_000, '2026-07-21T09:30:00.000Z'],
    [1_784_626_200, '2026-07-21T09:30:00.000Z'],
  ])('%s is %s', (value, expected) => {
    expect(formatIso(readDate(value))).toBe(expected);
  });

  test.each([
    ['yesterday'],
    [''],
    ['2026-02-30T00:00:00Z'],
    ['2025-02-29'],
    ['2026-13-01T00:00:00.000Z'],
    ['2026-07-21T25:00:00.000Z'],
    ['2026-07-21T09:60:00.000Z'],
    ['2026-7-21'],
    ['Tue Jul 21 2026 09:30:00 GMT+0200'],
    ['2026-07-21T09:30:00+15:00'],
    ['0026-07-21T09:30:00.000Z'],
    ['9999-12-31T00:00:00.000Z'],
    ['2026-07-21T09:3x:00.000Z'],
    ['+275760-09-13T00:00:00.000Z'],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    [8.64e15],
    [true],
    [null],
    [{}],
    [['2026-07-21']],
  ])('%j is not a date', (value) => {
    expect(readDate(value)).toBeNaN();
  });

  test('whatever text comes, the answer is a date or NaN', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)),
        (text) => {
          const ms = readDate(text);
          expect(Number.isNaN(ms) || (Number.isInteger(ms) && readDate(formatIso(ms)) === ms)).toBe(true);
        },
      ),
    );
  });
});

test('formatIso writes what Date writes, in any order of days', () => {
  const ms = fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2299, 11, 31) });
  fc.assert(
    fc.property(fc.array(ms, { minLength: 1 }), (dates) => {
      for (const date of dates) {
        expect(formatIso(date)).toBe(new Date(date).toISOString());
        expect(readDate(formatIso(date))).toBe(date);
      }
    }),
  );
});
