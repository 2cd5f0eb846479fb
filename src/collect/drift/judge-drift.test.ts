import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type EventShape, judgeEvents, judgeFields } from './judge-drift.ts';
import { wilsonInterval } from './wilson-interval.ts';

const shape = (events: number, fields: Record<string, Record<string, number>>): EventShape => ({
  events,
  fields: new Map(
    Object.entries(fields).map(([path, kinds]) => [
      path,
      {
        kinds: new Map(
          Object.entries(kinds).map(([kind, count]) => [kind, { events: count, samples: [`"${kind}"`] }]),
        ),
      },
    ]),
  ),
});
const kinds = (before: EventShape, after: EventShape) =>
  judgeFields(before, after).map((one) => [one.kind, one.path]);

describe('wilsonInterval', () => {
  test('law: each end is the share at which the score test just gives up', () => {
    const trial = fc
      .integer({ min: 1, max: 1e6 })
      .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));
    fc.assert(
      fc.property(trial, ([hits, trials]) => {
        const { low, high } = wilsonInterval(hits, trials);
        for (const end of [low, high].filter((p) => p > 0 && p < 1)) {
          const score = (hits / trials - end) / Math.sqrt((end * (1 - end)) / trials);
          // The 0.9995 quantile of the standard normal.
          expect(Math.abs(score)).toBeCloseTo(3.290527, 4);
        }
      }),
    );
    expect(wilsonInterval(0, 50)).toMatchObject({ low: 0, high: expect.closeTo(0.178, 3) });
    expect(wilsonInterval(0, 0)).toEqual({ share: 0, low: 0, high: 1 });
  });

  test('law: holds the share, stays within 0 and 1, is mirrored, and narrows with more trials', () => {
    const trial = fc
      .integer({ min: 1, max: 1e6 })
      .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));
    fc.assert(
      fc.property(trial, ([hits, trials]) => {
        const { share, low, high } = wilsonInterval(hits, trials);
        expect(0 <= low && low <= share && share <= high && high <= 1).toBe(true);
        const mirror = wilsonInterval(trials - hits, trials);
        expect(mirror.low).toBeCloseTo(1 - high, 9);
        const more = wilsonInterval(hits * 10, trials * 10);
        expect(more.high - more.low).toBeLessThan(high - low);
      }),
    );
  });
});

describe('judgeFields', () => {
  const stable = { 'properties.price': { number: 1000 } };

  test('nothing changed, nothing said', () => {
    expect(kinds(shape(1000, stable), shape(200, { 'properties.price': { number: 200 } }))).toEqual([]);
  });

  test('a new field, with its share, interval and samples', () => {
    const [drift] = judgeFields(
      shape(1000, stable),
      shape(1000, { ...stable, 'properties.unit': { number: 300 } }),
    );
    expect(drift).toMatchObject({
      kind: 'new_field',
      path: 'properties.unit',
      before: null,
      after: 'number',
      count: 300,
      samples: ['"number"'],
      share_before: { share: 0, low: 0 },
      share_after: { share: 0.3 },
    });
  });

  test('a vanished field, also when a few old clients still send it', () => {
    const before = shape(1000, { 'properties.price': { number: 990 } });
    expect(kinds(before, shape(400, {}))).toEqual([['vanished_field', 'properties.price']]);
    expect(kinds(before, shape(400, { 'properties.price': { number: 8 } }))).toEqual([
      ['vanished_field', 'properties.price'],
    ]);
    expect(kinds(before, shape(400, { 'properties.price': { number: 380 } }))).toEqual([]);
  });

  test('a kind never seen before counts from the tenth sighting on', () => {
    const before = shape(5000, { 'properties.price': { number: 5000 } });
    const [drift] = judgeFields(before, shape(1000, { 'properties.price': { number: 970, text: 30 } }));
    expect(drift).toMatchObject({
      kind: 'type_change',
      before: 'number',
      after: 'number 97 %, text 3 %',
      count: 30,
      samples: ['"text"'],
    });
    expect(kinds(before, shape(1000, { 'properties.price': { number: 991, text: 9 } }))).toEqual([]);
  });

  test('a kind that was there needs a large and sure rise', () => {
    const mixed = (text: number) => shape(1000, { 'properties.price': { number: 1000 - text, text } });
    expect(kinds(mixed(100), mixed(200))).toEqual([]);
    expect(kinds(mixed(100), mixed(600))).toEqual([['type_change', 'properties.price']]);
  });

  test('null, empty text and a missing field count as empty', () => {
    const before = shape(1000, { 'properties.category': { text: 990, empty: 10 } });
    expect(kinds(before, shape(1000, { 'properties.category': { text: 500, empty: 500 } }))).toEqual([
      ['null_spike', 'properties.category'],
    ]);
    const [missing] = judgeFields(before, shape(1000, { 'properties.category': { text: 500 } }));
    expect(missing).toMatchObject({
      kind: 'null_spike',
      before: '1 % missing, null or empty',
      after: '50 % missing, null or empty',
      count: 500,
    });
    expect(kinds(before, shape(1000, { 'properties.category': { text: 960, empty: 40 } }))).toEqual([]);
  });

  test('what happens below a field with a finding is not told again', () => {
    const before = shape(1000, {
      'properties.products': { list: 1000 },
      'properties.products[*].id': { text: 1000 },
      'properties.products[*].price': { number: 1000 },
      'properties.productsale': { text: 1000 },
    });
    const after = shape(1000, { 'properties.products': { text: 1000 } });
    expect(kinds(before, after)).toEqual([
      ['type_change', 'properties.products'],
      ['vanished_field', 'properties.productsale'],
    ]);
  });

  test('small samples raise no alarm: too few events, too few sightings, intervals that touch', () => {
    expect(kinds(shape(49, { 'properties.a': { text: 49 } }), shape(1000, {}))).toEqual([]);
    expect(kinds(shape(1000, { 'properties.a': { text: 1000 } }), shape(49, {}))).toEqual([]);
    expect(kinds(shape(60, {}), shape(60, { 'properties.a': { text: 9 } }))).toEqual([]);
    expect(kinds(shape(1000, { 'properties.a': { text: 50 } }), shape(60, {}))).toEqual([]);
  });

  test('law: two samples of one population rarely differ, and a sample never differs from itself', () => {
    const counts = fc.tuple(
      fc.integer({ min: 0, max: 500 }),
      fc.integer({ min: 0, max: 500 }),
      fc.integer({ min: 0, max: 500 }),
    );
    fc.assert(
      fc.property(counts, ([number, text, empty]) => {
        const one = shape(1500, { 'properties.a': { number, text, empty } });
        expect(judgeFields(one, one)).toEqual([]);
        expect(
          judgeFields(
            one,
            shape(3000, { 'properties.a': { number: 2 * number, text: 2 * text, empty: 2 * empty } }),
          ),
        ).toEqual([]);
      }),
    );
  });
});

describe('judgeEvents', () => {
  const judge = (counts: Record<string, [number, number]>) =>
    judgeEvents(
      Object.entries(counts).map(([event, [baseline, window]]) => ({ event, baseline, window })),
    ).map(({ row, drift }) => [drift.kind, row.event, drift.before, drift.after]);

  test('names events that came up or stopped', () => {
    expect(judge({ Viewed: [7000, 1000], Fresh: [0, 40], Gone: [500, 0], Rare: [3, 0] })).toEqual([
      ['new_event', 'Fresh', '0 events', '40 events'],
      ['vanished_event', 'Gone', '500 events', '0 events'],
    ]);
  });

  test('says nothing on the first day of a source, nor when it is silent', () => {
    expect(judge({ Viewed: [0, 1000] })).toEqual([]);
    expect(judge({ Viewed: [1000, 0] })).toEqual([]);
  });
});
