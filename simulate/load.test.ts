import { expect, test } from 'vitest';
import { createLoad } from './load.ts';

test('batches are JSON, about 437 bytes an event, and every message id is new and known', () => {
  const load = createLoad({ seed: 5, people: 1_000, now_ms: () => 1_800_000_000_000 });
  const ids: string[] = [];
  let bytes = 0;
  for (let n = 0; n < 50; n++) {
    const text = load.batch(20);
    bytes += Buffer.byteLength(text);
    const { batch } = JSON.parse(text) as {
      batch: { messageId: string; anonymousId: string; timestamp: string }[];
    };
    expect(batch.length).toBe(20);
    ids.push(...batch.map((event) => event.messageId));
    expect(
      batch.every(
        (event) => event.anonymousId.length === 36 && event.timestamp === '2027-01-15T08:00:00.000Z',
      ),
    ).toBe(true);
  }
  expect(new Set(ids).size).toBe(1_000);
  expect(ids).toEqual(ids.map((_, i) => load.messageId(i)));
  expect(bytes / 1_000).toBeGreaterThan(420);
  expect(bytes / 1_000).toBeLessThan(455);
  expect(JSON.parse(load.single()).messageId).toBe(load.messageId(1_000));
});

test('the same seed gives the same text, another seed other message ids', () => {
  const make = (seed: number) => createLoad({ seed, people: 10, now_ms: () => 0 });
  expect(make(1).batch(100)).toBe(make(1).batch(100));
  expect(make(1).messageId(0)).not.toBe(make(2).messageId(0));
});
