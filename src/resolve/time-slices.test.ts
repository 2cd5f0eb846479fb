import { expect, test } from 'vitest';
import { HOUR_MS } from '../kernel/clock.ts';
import { timeSlices } from './time-slices.ts';

const hours = (...found: [hour: number, events: number][]) =>
  found.map(([hour, events]) => ({ from_ms: hour * HOUR_MS, events }));
const cut = (list: ReturnType<typeof hours>, range = { from_ms: 0, to_ms: 1e15 }) =>
  timeSlices(list, range, 10).map(({ from_ms, to_ms }) => [from_ms / HOUR_MS, to_ms / HOUR_MS]);

test('a crowded day far from the first event is cut as finely as any other', () => {
  expect(cut(hours([0, 1], [490_000, 9], [490_001, 9], [490_002, 1], [490_005, 30], [490_006, 2]))).toEqual([
    [0, 490_001],
    [490_001, 490_003],
    [490_005, 490_006],
    [490_006, 490_007],
  ]);
});

test('nothing outside the range, and nothing where there is nothing', () => {
  const range = { from_ms: 1.5 * HOUR_MS, to_ms: 3.25 * HOUR_MS };
  expect(cut(hours([1, 4], [3, 4]), range)).toEqual([[1.5, 3.25]]);
  expect(cut([])).toEqual([]);
});
