import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { capBlocks } from './caps.ts';
import { curveOf, thresholdFor } from './precision.ts';
import { readTruth, scoreTruth } from './truth.ts';
import { probabilityOf } from './weights.ts';

const bin = (weight: number, pairs: number) => {
  const p = probabilityOf(weight);
  return { weight, pairs, expected: pairs * p, variance: pairs * p * (1 - p) };
};
const bins = fc
  .array(fc.tuple(fc.integer({ min: -60, max: 200 }), fc.integer({ min: 1, max: 10_000 })), {
    minLength: 1,
    maxLength: 40,
  })
  .map((list) => [...new Map(list)].sort((a, b) => b[0] - a[0]).map(([at, pairs]) => bin(at / 10, pairs)));
const labels = fc.array(
  fc.record({ weight: fc.double({ min: -6, max: 20, noNaN: true }), match: fc.boolean() }),
  { maxLength: 60 },
);

describe('curveOf', () => {
  test('law: shares stay within their intervals and 0 to 1; lower thresholds find more', () => {
    fc.assert(
      fc.property(bins, labels, (some, decided) => {
        let recall = 0;
        for (const point of curveOf(some, decided)) {
          const { share, low, high } = point.precision;
          expect(0 <= low && low <= share && share <= high && high <= 1).toBe(true);
          expect(point.recall).toBeGreaterThanOrEqual(recall - 1e-12);
          recall = point.recall;
          expect(0 <= point.recall_low && point.recall_low <= recall && recall <= point.recall_high).toBe(
            true,
          );
        }
        expect(recall).toBeCloseTo(1, 9);
      }),
    );
  });

  test('without decisions, precision is the mean probability', () => {
    const [first, second] = curveOf([bin(4, 100), bin(0, 100)], []);
    expect(first?.precision.share).toBeCloseTo(16 / 17, 12);
    expect(second?.precision.share).toBeCloseTo((16 / 17 + 0.5) / 2, 12);
    expect(second?.recall).toBeCloseTo(1, 12);
  });

  test('many decisions overrule the model, and widen what they contradict less and less', () => {
    const no = (n: number) => Array.from({ length: n }, () => ({ weight: 4.5, match: false }));
    const at = (n: number) => curveOf([bin(4, 1_000)], no(n))[0]?.precision;
    expect(at(0)?.share).toBeCloseTo(0.941, 3);
    expect(at(10)?.share).toBeCloseTo(0.47, 2);
    expect(at(1_000)?.share).toBeLessThan(0.01);
    expect(at(1_000)?.high).toBeLessThan(0.05);
  });

  test('the threshold is the lowest with the wanted precision', () => {
    const curve = curveOf([bin(10, 50), bin(5, 50), bin(0, 50)], []);
    expect(thresholdFor(curve, 0.98)?.weight).toBe(5);
    expect(thresholdFor(curve, 0.99999)).toBeUndefined();
  });
});

describe('capBlocks', () => {
  const sizes = [
    { pairs: 1_000, blocks: 2 },
    { pairs: 100, blocks: 10 },
    { pairs: 1, blocks: 500 },
  ];
  test('large blocks go, then the largest until the rule fits', () => {
    expect(capBlocks(sizes, { max_block_pairs: 5_000, max_rule_pairs: 10_000 })).toEqual({
      max_pairs: 5_000,
      pairs: 3_500,
      skipped_blocks: 0,
      skipped_pairs: 0,
    });
    expect(capBlocks(sizes, { max_block_pairs: 500, max_rule_pairs: 10_000 })).toEqual({
      max_pairs: 500,
      pairs: 1_500,
      skipped_blocks: 2,
      skipped_pairs: 2_000,
    });
    expect(capBlocks(sizes, { max_block_pairs: 500, max_rule_pairs: 1_000 })).toEqual({
      max_pairs: 99,
      pairs: 500,
      skipped_blocks: 12,
      skipped_pairs: 3_000,
    });
  });
});

describe('scoreTruth', () => {
  const found = [
    { l: 'a', r: 'b', p: 0.99 },
    { l: 'c', r: 'a', p: 0.6 },
    { l: 'x', r: 'y', p: 0.9 },
  ];

  test('clusters: pairs among known records only', () => {
    const truth = readTruth({ clusters: 'record,cluster\na,1\nb,1\nc,2\nd,1' }, 'dedupe');
    const result = scoreTruth(truth, found, 0.5);
    expect(result).toMatchObject({ truth_pairs: 3, never_compared: 2 });
    expect(result.wrong).toEqual([{ left_id: 'c', right_id: 'a', probability: 0.6 }]);
    expect(result.missed.map((m) => m.probability)).toEqual([null, null]);
    expect(result.points.find((p) => p.probability === 0.7)).toMatchObject({
      true_positives: 1,
      false_positives: 0,
      false_negatives: 2,
      f1: 0.5,
    });
  });

  test('labelled pairs: what has no label says nothing', () => {
    const truth = readTruth({ pairs: 'left,right,match\nb,a,1\na,c,0\n' }, 'link');
    const result = scoreTruth(truth, found, 0.5);
    expect(result.points[0]).toMatchObject({ true_positives: 1, false_positives: 1, false_negatives: 0 });
    expect(result.best).toEqual({ probability: 0.7, f1: 1 });
  });

  test('what cannot be read is refused with the place', () => {
    expect(() => readTruth({}, 'dedupe')).toThrow('either pairs or clusters');
    expect(() => readTruth({ pairs: 'a,b\n1,2' }, 'dedupe')).toThrow('columns left and right');
    expect(() => readTruth({ clusters: 'record,cluster\na,1' }, 'link')).toThrow('pairs for rules that link');
  });
});

describe('a file of known pairs', () => {
  const read = (text: string) => readTruth({ pairs: text }, 'dedupe');

  test('says yes or no in words that are clear, and nothing else', () => {
    const words = ['0', 'n', 'F', 'no', 'nonmatch', 'Non-Match', 'false'];
    const none = read(['left;right;match', 'a;b;y', ...words.map((word, i) => `n${i};x;${word}`)].join('\n'));
    expect(none.matches.size).toBe(1);
    expect(none.known('n0', 'x')).toBe(true);
    expect(read('left,right\na,b\nc,d').matches.size).toBe(2);
    expect(() => read('left,right,match\na,b,1\nc,d,perhaps')).toThrow('Line 3 says neither yes nor no');
    expect(() => read('left,right,match\na,b,')).toThrow('Line 2 says neither');
    expect(() => read('left,right,match\na,b,1\nb,a,0')).toThrow('Line 3 says otherwise');
  });

  test('names both records, and one cluster a record', () => {
    expect(() => read('left,right\na,b\n,c')).toThrow('Line 3 has nothing in the column left');
    const clusters = (text: string) => readTruth({ clusters: text }, 'dedupe');
    expect(() => clusters('record,cluster\na,1\nb,')).toThrow('Line 3 has nothing in the column cluster');
    expect(() => clusters('record,cluster\na,1\na,2')).toThrow('another cluster');
  });
});
