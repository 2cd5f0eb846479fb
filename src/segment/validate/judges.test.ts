import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRng } from '../../kernel/rng.ts';
import { judgeExclusion } from './judge-exclusion.ts';
import { usedFindings } from './judge-sensitivity.ts';
import { readListLines } from './list-lines.ts';
import { overlapMatrix } from './overlap.ts';
import { retentionTable } from './retention.ts';
import { referrerHost } from './segment-sets.service.ts';
import { namesIn, sensitiveSubject } from './sensitive-names.ts';

test('lines: all are read or rejected, and no reason repeats a line', () => {
  const { read, rejected, given } = readListLines(
    ' email: Ada@Example.com \r\nphone:+49:30\nEmail:x\n:y\nz\nemail:\n',
  );
  expect(read.map((l) => l.identifier)).toEqual([
    { type: 'email', value: 'Ada@Example.com' },
    { type: 'phone', value: '+49:30' },
  ]);
  expect([given, rejected.map((r) => r.line)]).toEqual([6, [3, 4, 5, 6]]);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
      const found = readListLines(text);
      expect(found.read.length + found.rejected.length).toBe(found.given);
    }),
  );
});

test('overlap: shared people are no more than those of either', () => {
  const rows = fc.array(fc.record({ held: fc.subarray([0, 1, 2], { minLength: 1 }), people: fc.nat(99) }));
  fc.assert(
    fc.property(rows, (combinations) => {
      const sum = (a: number, b: number) =>
        combinations
          .filter(({ held }) => held.includes(a) && held.includes(b))
          .reduce((total, { people }) => total + people, 0);
      const shared = [0, 1, 2].flatMap((a) => [0, 1, 2].map((b) => ({ a, b, people: sum(a, b) })));
      const { segments, pairs } = overlapMatrix(['a', 'b', 'c'], shared);
      expect(pairs.length).toBe(3);
      for (const { a, b, both, jaccard } of pairs) {
        const size = (name: string) => segments.find((s) => s.segment === name)?.people ?? 0;
        expect(both).toBeLessThanOrEqual(Math.min(size(a), size(b)));
        expect(Number(jaccard) >= 0 && Number(jaccard) <= 1).toBe(true);
      }
    }),
  );
});

test('retention: weeks that are not over for everybody are left out, and who was put in is no part of the total', () => {
  const now = Date.parse('2026-11-22T10:00:00Z');
  const early = { week: '2026-10-26', put_in: 0 } as const;
  const put_in = { week: '2026-10-26', put_in: 1 } as const;
  const late = { week: '2026-11-16', put_in: 0 } as const;
  const { cohorts, total } = retentionTable(
    [
      { ...early, people: 10 },
      { ...put_in, people: 50 },
      { ...late, people: 4 },
    ],
    [
      { ...early, nth: 0, active: 8 },
      { ...early, nth: 1, active: 5 },
      { ...put_in, nth: 1, active: 20 },
      { ...late, nth: 0, active: 1 },
    ],
    now,
    8,
  );
  expect(cohorts.map((c) => [c.put_in, c.weeks.map((w) => w.active)])).toEqual([
    [false, [8, 5]],
    [true, [0, 20]],
    [false, []],
  ]);
  expect(total.map((w) => [w.week, w.people, w.active])).toEqual([
    [0, 10, 8],
    [1, 10, 5],
  ]);
});

test('exclusion: the expected sum lies in its interval; nobody gives nothing', () => {
  const { next } = createRng(1);
  const row = {
    excluded: 1 as const,
    people: 90,
    buyers: 40,
    revenue: 400,
    inactive: 10,
    brief: 3,
    brief_revenue: 30,
    short: 7,
    expected: Array.from({ length: 40 }, (_, i) => 5 + (i % 9)),
  };
  const found = judgeExclusion(
    [row, { ...row, excluded: 0, revenue: 3_600, expected: [] }],
    { members: 100, days: 90, tolerance: 0.01 },
    next,
  );
  expect(found).toMatchObject({
    revenue_share: 0.1,
    inactive: 20,
    briefly_inactive: 3,
    short_history: 7,
    verdict: 'drops value',
    words: expect.stringContaining('7 of their buyers are known for less than 90 days'),
  });
  const value = found.expected.value ?? Number.NaN;
  expect(found.expected.low < value && value < found.expected.high).toBe(true);
  // Beyond what is resampled the interval is the same, to the noise of resampling.
  const width = (buyers: number) => {
    const sums = Array.from({ length: buyers }, (_, i) => 5 + (i % 9) ** 2);
    const { expected } = judgeExclusion(
      [{ ...row, expected: sums }],
      { members: 80_000, days: 90, tolerance: 0.01 },
      next,
    );
    return (expected.high - expected.low) / (expected.value ?? 0);
  };
  expect(Math.abs(width(50_004) / width(49_995) - 1)).toBeLessThan(0.15);
  expect(judgeExclusion([], { members: 0, days: 90, tolerance: 0.01 }, next)).toMatchObject({
    revenue: 0,
    expected: { value: 0, low: 0, high: 0 },
    verdict: 'too few to say',
  });
  const nothing = [{ ...row, revenue: 0, expected: [] }];
  expect(judgeExclusion(nothing, { members: 100, days: 90, tolerance: 0.01 }, next)).toMatchObject({
    verdict: 'nothing known',
    words: expect.stringContaining('Nobody brought any revenue in the last 90 days'),
  });
});

describe('sensitivity', () => {
  test.each([
    ['householdIncome', 'income and debt'],
    ['credit_score', 'income and debt'],
    ['health.bmi', 'health'],
    ['Religion', 'religion'],
    ['net_worth', 'income and debt'],
    ['order_count', undefined],
    ['healthy_snacks_count', undefined],
    ['engagement', undefined],
  ])('%s is about %s', (name, about) => {
    expect(sensitiveSubject(name)).toBe(about);
  });
  test('names are found wherever they stand', () => {
    const rule = {
      all: [
        { predicate: 'trait', trait: 'plan' },
        { any: [{ event: 'Diagnosis Viewed', where: [{ property: 'a.b', is: 'x' }] }] },
      ],
    };
    expect(namesIn(rule)).toEqual(['plan', 'Diagnosis Viewed', 'a.b']);
    expect(usedFindings(['events.ip', 'plan'], ['ip']).map((f) => f.field)).toEqual(['events.ip']);
  });
});

test('referrers are hosts', () => {
  expect(
    ['https://www.google.com/a?b', 'bing.com', '', 'direct', 'http://x.y:80/'].map(referrerHost),
  ).toEqual(['google.com', 'bing.com', 'direct', 'direct', 'x.y']);
});
