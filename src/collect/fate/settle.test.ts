import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY_MS } from '../../kernel/clock.ts';
import type { LoggedEvent } from '../contract.ts';
import { anEvent } from '../fixture-event.ts';
import { type FirstSeen, type LogRecord, messageKey, type Settled, settle } from './settle.ts';

const T0 = Date.parse('2026-11-22T10:00:00.000Z');
const WINDOW_MS = 7 * DAY_MS;

function record(position: number, change: Partial<LoggedEvent>): LogRecord {
  const event = anEvent({
    source_id: 'web',
    message_id: `m${position}`,
    event: 'Product Viewed',
    anonymous_id: 'a1',
    ...change,
  });
  return { position, event, line: JSON.stringify(event) };
}

const nothing = { seen: new Map<string, FirstSeen>(), open: new Set<number>() };

/** Plays the online store: settles in batches, and carries what each batch leaves behind. */
function inBatches(records: readonly LogRecord[], sizes: readonly number[]): Settled[] {
  const seen = new Map<string, FirstSeen>();
  const open = new Set<number>();
  const out: Settled[] = [];
  let at = 0;
  for (let i = 0; at < records.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    const settled = settle(records.slice(at, at + size), { seen, open }, WINDOW_MS);
    for (const [key, first] of settled.seen) seen.set(key, first);
    for (const position of settled.opened) open.add(position);
    for (const position of settled.closed) open.delete(position);
    out.push(settled);
    at += size;
  }
  return out;
}

const positions = (all: readonly Settled[], of: (settled: Settled) => readonly { position: number }[]) =>
  all.flatMap((settled) => of(settled).map((row) => row.position));

describe('one fate each', () => {
  test('a message id takes effect once in a source, also inside one batch', () => {
    const settled = settle(
      [
        record(1, { message_id: 'x' }),
        record(2, { message_id: 'x' }),
        record(3, { message_id: 'x', source_id: 'app' }),
      ],
      nothing,
      WINDOW_MS,
    );
    expect(settled.events.map((row) => row.position)).toEqual([1, 3]);
    expect(settled.discarded.map((row) => JSON.parse(row.line))).toMatchObject([
      { position: 2, fate: 'deduplicated', of_position: 1 },
    ]);
  });

  test('is remembered for exactly the window', () => {
    const seen = new Map<string, FirstSeen>([[messageKey('web', 'x'), [1, T0]]]);
    const at = (ms: number) =>
      settle(
        [record(9, { message_id: 'x', received_at: new Date(ms).toISOString() })],
        { seen, open: new Set() },
        WINDOW_MS,
      );
    expect(at(T0 + WINDOW_MS - 1).events).toHaveLength(0);
    expect(at(T0 + WINDOW_MS).events).toHaveLength(1);
  });

  test('ids that differ only behind the hundredth character stay apart', () => {
    const long = 'x'.repeat(150);
    expect(messageKey('web', `${long}a`)).not.toBe(messageKey('web', `${long}b`));
  });

  test('filtered and quarantined events keep their reason', () => {
    const settled = settle(
      [
        record(1, { verdict: 'filtered', reason: 'sampled_out', detail: 'kept 10 %' }),
        record(2, { verdict: 'quarantined', reason: 'schema_violation', payload: '{"a":1}' }),
      ],
      nothing,
      WINDOW_MS,
    );
    expect(JSON.parse(settled.discarded[0]?.line ?? '')).toMatchObject({
      fate: 'filtered',
      reason: 'sampled_out',
      detail: 'kept 10 %',
    });
    expect(JSON.parse(settled.quarantined[0]?.line ?? '')).toMatchObject({
      position: 2,
      reason: 'schema_violation',
      payload: '{"a":1}',
    });
    expect([...settled.opened]).toEqual([2]);
  });
});

describe('replay', () => {
  const broken = record(1, { verdict: 'quarantined', reason: 'schema_violation', message_id: 'q' });
  const replay = (position: number, kind: 'replay' | 'discard' = 'replay') =>
    record(position, { kind, message_id: 'q', origin: 1 });

  test('stores the event once, however often it is asked for', () => {
    const all = inBatches([broken, replay(2), replay(3), replay(4, 'discard')], [2, 1]);
    expect(positions(all, (s) => s.events)).toEqual([2]);
    expect(positions(all, (s) => s.resolutions)).toEqual([2]);
  });

  test('a discard closes it: a later replay does nothing', () => {
    const all = inBatches([broken, replay(2, 'discard'), replay(3)], [1]);
    expect(positions(all, (s) => s.events)).toEqual([]);
    expect(JSON.parse(all[1]?.resolutions[0]?.line ?? '')).toMatchObject({
      origin: 1,
      resolution: 'discarded',
    });
  });

  test('of something that was never in quarantine does nothing', () => {
    expect(settle([replay(2)], nothing, WINDOW_MS).events).toHaveLength(0);
  });
});

const step = fc.record({
  id: fc.integer({ min: 0, max: 12 }),
  source_id: fc.constantFrom('web', 'app'),
  verdict: fc.constantFrom(
    'accepted' as const,
    'accepted' as const,
    'filtered' as const,
    'quarantined' as const,
  ),
  action: fc.constantFrom(
    'event' as const,
    'event' as const,
    'event' as const,
    'replay' as const,
    'discard' as const,
  ),
  origin: fc.integer({ min: 1, max: 40 }),
  hour: fc.integer({ min: 0, max: 3 }),
});

describe('laws', () => {
  const logs = fc.array(step, { minLength: 1, maxLength: 60 });
  const toRecords = (steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[]) =>
    steps.map((each, i) =>
      record(i + 1, {
        kind: each.action,
        source_id: each.source_id,
        message_id: `m${each.id}`,
        verdict: each.verdict,
        origin: each.action === 'event' ? 0 : each.origin,
        received_at: new Date(T0 + each.hour * 3_600_000).toISOString(),
      }),
    );

  test('the batches in which the log is read do not matter', () => {
    fc.assert(
      fc.property(
        logs,
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 }),
        (steps, sizes) => {
          const records = toRecords(steps);
          const lines = (all: readonly Settled[]) =>
            all
              .flatMap((s) =>
                [...s.events, ...s.discarded, ...s.quarantined, ...s.resolutions].map((row) => row.line),
              )
              .sort();
          expect(lines(inBatches(records, sizes))).toEqual(lines(inBatches(records, [records.length])));
        },
      ),
    );
  });

  test('received = stored + deduplicated + filtered + quarantined, with replays moving between them', () => {
    fc.assert(
      fc.property(logs, (steps) => {
        const all = inBatches(toRecords(steps), [5]);
        const count = (of: (s: Settled) => readonly unknown[]) => all.reduce((n, s) => n + of(s).length, 0);
        const received = all.reduce((n, s) => n + [...s.received.values()].reduce((a, b) => a + b, 0), 0);
        const discards = count((s) =>
          s.resolutions.filter((row) => row.line.includes('"resolution":"discarded"')),
        );
        expect(received).toBe(steps.filter((each) => each.action === 'event').length);
        expect(received).toBe(
          count((s) => s.events) +
            count((s) => s.discarded) +
            discards +
            count((s) => s.quarantined) -
            count((s) => s.resolutions),
        );
      }),
    );
  });
});
