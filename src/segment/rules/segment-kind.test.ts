import { expect, test } from 'vitest';
import { LIST_MAX } from './comparison.ts';
import { createSegmentKind } from './segment-kind.ts';

const kind = createSegmentKind({ known: () => undefined, sensitive: () => [] });
const head = { label: 'Buyers', owner: 'crm', purpose: 'advertising' };
const bought = { predicate: 'count', event: 'Order Completed', at_least: 1 };
const problemsOf = (rule: unknown) => kind.check({ ...head, rule }, 'buyers');

test('a sound segment has no problems', () => {
  const rule = {
    all: [
      { predicate: 'trait', trait: 'plan', op: 'in', value: ['gold', 'silver'] },
      {
        any: [
          bought,
          {
            predicate: 'absence',
            event: 'Cart Viewed',
            without: { event: 'Order Completed' },
            within: { days: 1 },
          },
        ],
      },
      { not: { predicate: 'segment', segment: 'staff' } },
    ],
  };
  expect(problemsOf(rule)).toEqual([]);
});

test.each<[string, unknown, string, RegExp]>([
  [
    'a type that cannot compare',
    { all: [bought, { predicate: 'trait', trait: 'age', op: 'at_least', value: 'x' }] },
    'rule.all[1].value',
    /with a number, not with a text/,
  ],
  [
    'a condition deep inside',
    { all: [bought, { ...bought, where: [{ field: 'total', op: 'greater', value: true }] }] },
    'rule.all[1].where[0].value',
    /with a number, not with a boolean/,
  ],
  [
    'a pattern that blows up',
    { predicate: 'trait', trait: 'a', op: 'matches', value: '^(a+)+$' },
    'rule.value',
    /several ways/,
  ],
  [
    'a pattern that the warehouse reads otherwise',
    { predicate: 'trait', trait: 'a', op: 'matches', value: '(?<=a)b' },
    'rule.value',
    /pattern/,
  ],
  [
    'a gigantic list',
    { predicate: 'trait', trait: 'a', op: 'in', value: Array.from({ length: LIST_MAX + 1 }, (_, i) => i) },
    'rule.value',
    /at most 1000/,
  ],
  [
    'a list that is longer than a rule',
    {
      all: [
        bought,
        {
          predicate: 'trait',
          trait: 'a',
          op: 'in',
          value: Array.from({ length: 20_000 }, (_, i) => `id-${i}`),
        },
      ],
    },
    'rule.all[1].value',
    /longer than 65536 characters .* upload long lists/,
  ],
  [
    'a date that is none',
    { predicate: 'trait', trait: 'a', op: 'before', value: '2026-02-31' },
    'rule.value',
    /ISO 8601/,
  ],
  [
    'an absence that its window ends before',
    {
      all: [
        bought,
        {
          predicate: 'absence',
          event: 'A',
          without: { event: 'B' },
          within: { hours: 168 },
          window: { days: 7 },
        },
      ],
    },
    'rule.all[1].within',
    /can hold for nobody/,
  ],
  ['no predicate', { any: [{ trait: 'a' }] }, 'rule.any[0].predicate', /must be one of trait, count/],
  ['an empty list of parts', { any: [] }, 'rule.any', /something in it/],
  ['two things side by side', { all: [bought], any: [bought] }, 'rule', /side by side/],
  ['an unknown key', { ...bought, windw: { days: 1 } }, 'rule', /windw/],
  ['a window of nothing', { ...bought, window: {} }, 'rule.window', /give one of/],
  ['a count of nothing', { predicate: 'count', event: 'A' }, 'rule', /at_least, at_most/],
  ['no event', { predicate: 'count', at_least: 1 }, 'rule.event', /name an event/],
  ['its own events', { ...bought, event: 'Segment Entered' }, 'rule.event', /predicate `segment`/],
  [
    'a time limit on the first step',
    { predicate: 'sequence', steps: [{ event: 'A', within: { days: 1 } }, { event: 'B' }] },
    'rule.steps[0].within',
    /none before/,
  ],
  ['nothing at all', undefined, 'rule', /must be one of/],
  ['a text where a list stands', { ...bought, where: 'x' }, 'rule.where', /^must be a list$/],
  ['half an order', { ...bought, at_least: 1.5 }, 'rule.at_least', /^must be a whole number$/],
  ['too many orders', { ...bought, at_least: 1e9 }, 'rule.at_least', /^must be at most 1000000$/],
  ['no name', { ...bought, event: '' }, 'rule.event', /^must not be empty$/],
  [
    'a score of text',
    { predicate: 'score', score: 'a', op: 'less', value: 'x' },
    'rule.value',
    /be a number/,
  ],
  ['no comparison', { predicate: 'trait', trait: 'a' }, 'rule.op', /^is missing: it is one of equals, /],
])('%s is refused with its place', (_, rule, field, message) => {
  const problems = problemsOf(rule);
  expect(problems[0]).toMatchObject({ field, message: expect.stringMatching(message) });
});

test('what is missing is said once, in words', () => {
  expect(kind.check({ label: 5 }, 'buyers')).toEqual([
    { field: 'label', message: 'must be a text' },
    { field: 'owner', message: 'is missing' },
    { field: 'purpose', message: 'is missing' },
    { field: 'rule', message: expect.stringMatching(/^must be one of \{ all/) },
  ]);
});

test('depth and number of parts have limits', () => {
  let deep: object = bought;
  for (let i = 0; i < 12; i++) deep = { not: deep };
  expect(problemsOf(deep)[0]?.message).toMatch(/deeper than 10/);
  expect(problemsOf({ any: Array.from({ length: 201 }, () => bought) })[0]?.message).toMatch(
    /more than 200 parts/,
  );
});

const segment = (name: string, rule: unknown) => ({ kind: 'segment', name, body: { ...head, rule } });
const named = (name: string) => ({ predicate: 'segment', segment: name });

test('rings and missing segments are refused where they are named', () => {
  const set = [
    segment('a', { all: [bought, named('b')] }),
    segment('b', { not: named('c') }),
    segment('c', named('a')),
  ];
  expect(kind.checkSet?.(set, new Set())).toEqual([
    { name: 'a', field: 'rule.all[1].segment', message: 'goes round in a circle: a -> b -> c -> a' },
  ]);
  expect(kind.checkSet?.(set.slice(0, 2), new Set())).toEqual([
    { name: 'b', field: 'rule.not.segment', message: 'there is no segment c' },
  ]);
  const found = segment('d', named('rfm/champions'));
  const rfm = { kind: 'segmentation', name: 'rfm', body: {} };
  expect(kind.checkSet?.([found, rfm], new Set())).toEqual([]);
  expect(kind.checkSet?.([found], new Set())).toEqual([
    { name: 'd', field: 'rule.segment', message: 'there is no segment rfm/champions' },
  ]);
});

test('chains of segments are refused where they get too long, and only when a release touches them', () => {
  const chain = Array.from({ length: 24 }, (_, i) =>
    segment(`c${i}`, i === 0 ? bought : { any: [named(`c${i - 1}`), { all: [named(`c${i - 1}`), bought] }] }),
  );
  const problems = kind.checkSet?.(chain, new Set(['c0'])) ?? [];
  expect(problems).toMatchObject([{ name: 'c10', field: 'rule.any[0].segment' }]);
  expect(problems[0]?.message).toMatch(/^is a chain of 11 segments, at most 10 .*: c10 -> c9 -> .* -> c0;/);
  expect(kind.checkSet?.(chain.slice(0, 10), new Set(['c0']))).toEqual([]);
  expect(kind.checkSet?.([...chain, segment('other', bought)], new Set(['other']))).toEqual([]);
});

test('so are segments that are too long with those inside them', () => {
  const long = (name: string) =>
    segment(name, {
      predicate: 'trait',
      trait: 'a',
      op: 'in',
      value: Array.from({ length: 60 }, (_, i) => `${name}${i}`.padEnd(900, '-')),
    });
  const all = [long('a'), long('b'), long('c'), segment('d', { any: [named('a'), named('b'), named('c')] })];
  expect(kind.checkSet?.(all, new Set(['d']))).toMatchObject([
    { name: 'd', field: 'rule.any[0].segment', message: expect.stringMatching(/with the 3 segments inside/) },
  ]);
  expect(kind.checkSet?.([...all.slice(0, 3), segment('d', named('a'))], new Set(['d']))).toEqual([]);
});

test('names that nobody ever sent are refused in what changes, with the name that was meant', () => {
  const knowing = createSegmentKind({
    known: () => ({
      events: new Set(['Order Completed', '']),
      fields: new Map([['Order Completed', new Set(['total'])]]),
      traits: new Set(['plan']),
    }),
    sensitive: () => [],
  });
  const rule = {
    all: [
      { ...bought, event: 'Order Complete' },
      {
        ...bought,
        where: [
          { field: 'totl', op: 'exists' },
          { field: 'total', op: 'exists' },
        ],
      },
      { predicate: 'trait', trait: 'plam', op: 'exists' },
      { ...bought, event: 'abc' },
      { predicate: 'trait', trait: '$country', op: 'exists' },
      { predicate: 'trait', trait: 'orders', op: 'exists' },
    ],
  };
  const set = [segment('a', rule), { kind: 'computed-trait', name: 'orders', body: {} }];
  expect(knowing.checkSet?.(set, new Set())).toEqual([]);
  expect(knowing.checkSet?.(set, new Set(['a'])).map((p) => [p.field, p.message])).toEqual([
    ['rule.all[0].event', 'nobody has ever sent the event Order Complete; did you mean Order Completed?'],
    ['rule.all[1].where[0].field', 'nobody has ever sent the field totl; did you mean total?'],
    ['rule.all[2].trait', 'nobody has ever sent the trait plam; did you mean plan?'],
    ['rule.all[3].event', 'nobody has ever sent the event abc'],
  ]);
});

test('what says something sensitive must say so, and then needs an approval', () => {
  const guarded = createSegmentKind({
    known: () => undefined,
    sensitive: () => ['it uses the trait diagnosis'],
  });
  const body = { ...head, rule: bought };
  expect(guarded.check(body, 'a')).toMatchObject([
    { field: 'sensitivity', message: expect.stringContaining('diagnosis') },
  ]);
  expect(guarded.check({ ...body, sensitivity: 'sensitive' }, 'a')).toEqual([]);
  expect([guarded.riskOf(body), guarded.riskOf({ ...body, sensitivity: 'sensitive' })]).toEqual([
    'low',
    'high',
  ]);
});
