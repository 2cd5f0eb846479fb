import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ReconciliationRow } from '../api/reconciliation.ts';
import { addCounts, bucketRows, fillGaps, NOTHING, rowsByDay, toCsv } from './buckets.ts';

const row = (hour: string, source_id: string, stored: number, pending = 0): ReconciliationRow => ({
  ...NOTHING,
  hour,
  source_id,
  source_name: source_id,
  received: stored + pending,
  stored,
  pending,
});

const anyRow = fc
  .tuple(fc.integer({ min: 0, max: 70 }), fc.constantFrom('a', 'b'), fc.nat(1_000), fc.nat(50))
  .map(([hour, source, stored, pending]) =>
    row(new Date(Date.UTC(2026, 0, 1, hour)).toISOString(), source, stored, pending),
  );

test('adding up by hour or day loses nothing', () => {
  fc.assert(
    fc.property(fc.array(anyRow), fc.constantFrom('hour', 'day'), (rows, by) => {
      const whole = rows.reduce<typeof NOTHING>((sum, each) => addCounts(sum, each), NOTHING);
      expect(
        bucketRows(rows, by as 'hour' | 'day').reduce<typeof NOTHING>(
          (sum, each) => addCounts(sum, each),
          NOTHING,
        ),
      ).toEqual(whole);
      expect(rowsByDay(rows).reduce<typeof NOTHING>((sum, each) => addCounts(sum, each), NOTHING)).toEqual(
        whole,
      );
    }),
  );
});

test('buckets come oldest first', () => {
  const rows = [row('2026-01-02T05:00:00.000Z', 'a', 1), row('2026-01-01T23:00:00.000Z', 'a', 2)];
  expect(bucketRows(rows, 'day').map((bucket) => bucket.at)).toEqual([
    '2026-01-01T00:00:00.000Z',
    '2026-01-02T00:00:00.000Z',
  ]);
});

test('a name cannot break out of its cell or start a formula', () => {
  const csv = toCsv([{ ...row('2026-01-01T00:00:00.000Z', 'a', 3), source_name: '=SUM("x"),1' }]);
  expect(csv.split('\r\n')[1]).toBe('2026-01-01T00:00:00.000Z,"a","\'=SUM(""x""),1",3,3,0,0,0,0,0');
});

test('a time in which nothing came is shown as such', () => {
  const rows = [row('2026-01-01T01:00:00.000Z', 'a', 1), row('2026-01-01T04:00:00.000Z', 'a', 2)];
  const filled = fillGaps(bucketRows(rows, 'hour'), 'hour', '2026-01-01T00:00:00.000Z', undefined);
  expect(filled.map((bucket) => bucket.received)).toEqual([0, 1, 0, 0, 2]);
});
