import { expect, test } from 'vitest';
import { formatBytes, formatCount, formatCounted, formatDuration, formatShare } from './number-format.ts';
import { relativeTime } from './relative-time.tsx';

test('numbers for people', () => {
  expect(formatCount(1_234_567)).toBe('1,234,567');
  expect(formatCount(undefined)).toBe('–');
  expect([0, 1, 1_234].map((n) => formatCounted(n, 'event'))).toEqual([
    '0 events',
    '1 event',
    '1,234 events',
  ]);
  expect(formatShare(0.1234)).toBe('12.3 %');
  expect([formatBytes(0), formatBytes(1_536), formatBytes(5 * 2 ** 30)]).toEqual(['0 B', '1.5 KiB', '5 GiB']);
  expect([formatDuration(40), formatDuration(3_700), formatDuration(100_000)]).toEqual([
    '40 s',
    '1 h 1 min',
    '1 d 3 h',
  ]);
});

test.each([
  [1_000, 'now'],
  [30_000, '30 s ago'],
  [150_000, '2 min ago'],
  [3 * 3_600_000, '3 h ago'],
  [3 * 86_400_000, '3 d ago'],
  [-7_200_000, 'in 2 h'],
])('%i ms before now reads %s', (before_ms, words) => {
  const now_ms = Date.UTC(2026, 5, 1);
  expect(relativeTime(new Date(now_ms - before_ms).toISOString(), now_ms)).toBe(words);
});
