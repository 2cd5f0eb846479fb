import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Count, type Measure, reconcile, totals } from './reconcile.ts';

const HOUR = '2026-11-22T10:00:00.000Z';
const count = (measure: Measure, n: number, source_id = 'web', hour = HOUR): Count => ({
  source_id,
  hour,
  measure,
  count: n,
});

test('adds up by source and hour, newest hour first', () => {
  const later = '2026-11-22T11:00:00.000Z';
  const rows = reconcile([
    count('received', 5),
    count('stored', 3),
    count('quarantined', 2),
    count('received', 1, 'app', later),
    count('pending', 1, 'app', later),
  ]);
  expect(rows.map(({ source_id, hour, difference }) => ({ source_id, hour, difference }))).toEqual([
    { source_id: 'app', hour: later, difference: 0 },
    { source_id: 'web', hour: HOUR, difference: 0 },
  ]);
});

test('a lost event shows as a difference, and opposite errors do not cancel out', () => {
  const rows = reconcile([
    count('received', 5),
    count('stored', 4),
    count('received', 1, 'app'),
    count('stored', 2, 'app'),
  ]);
  expect(rows.map((row) => row.difference)).toEqual([-1, 1]);
  expect(totals(rows).difference).toBe(2);
});

test('totals are the sums of the rows, in any order of the counts', () => {
  const counts = fc.array(
    fc.record({
      source_id: fc.constantFrom('a', 'b'),
      hour: fc.constantFrom(HOUR, '2026-11-22T11:00:00.000Z'),
      measure: fc.constantFrom<Measure>(
        'received',
        'stored',
        'deduplicated',
        'filtered',
        'quarantined',
        'pending',
      ),
      count: fc.integer({ min: 0, max: 100 }),
    }),
  );
  fc.assert(
    fc.property(counts, (all) => {
      const rows = reconcile(all);
      expect(reconcile([...all].reverse())).toEqual(rows);
      expect(totals(rows).received).toBe(
        all.filter((each) => each.measure === 'received').reduce((n, each) => n + each.count, 0),
      );
    }),
  );
});
