import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EventRecord } from '../api/events.ts';
import { mergeEvents, pollAfter } from './merge-events.ts';

const at = (position: number, fate: EventRecord['fate'] = 'stored'): EventRecord => ({
  position,
  fate,
  source_id: 'src',
  message_id: `m-${position}`,
  type: 'track',
  event: 'Seen',
  timestamp: '2026-01-01T00:00:00.000Z',
  received_at: new Date(Date.UTC(2026, 0, 1) + position * 1_000).toISOString(),
});

describe('merging polled events', () => {
  test('newest first, one row a position, whatever overlaps', () => {
    const positions = fc.array(fc.integer({ min: 1, max: 60 }));
    fc.assert(
      fc.property(positions, positions, (held, arrived) => {
        const first = mergeEvents(
          [],
          held.map((position) => at(position)),
        );
        const merged = mergeEvents(
          first,
          arrived.map((position) => at(position)),
        ).map((event) => event.position);
        expect(merged).toEqual([...new Set([...held, ...arrived])].sort((a, b) => b - a));
      }),
    );
  });

  test('a later answer settles the fate', () => {
    expect(mergeEvents([at(3, 'pending')], [at(3, 'stored')])[0]?.fate).toBe('stored');
  });

  test('nothing new keeps the same list, so that nothing is drawn again', () => {
    const held = [at(2), at(1)];
    expect(mergeEvents(held, [at(1)])).toBe(held);
  });
});

describe('where to read on', () => {
  test('nothing held asks for the newest page', () => expect(pollAfter([])).toBeUndefined());
  test('a little before the newest, since neighbours show up a moment apart', () =>
    expect(pollAfter([at(500), at(499)])).toBe(470));
  test('imported history never moves it', () =>
    expect(pollAfter([{ ...at(1), position: 2 ** 52 + 7 }])).toBe(0));
});
