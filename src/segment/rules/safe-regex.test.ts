import fc from 'fast-check';
import { expect, test } from 'vitest';
import { join, param, sql } from '../../kernel/sql.ts';
import { openSegmentFixture } from '../fixture.ts';
import { compileRegex } from './safe-regex.ts';

const test_of = (pattern: string) => {
  const verdict = compileRegex(pattern);
  if (verdict.is === 'refused') throw new Error(verdict.message);
  return verdict.regex;
};

test('white space is ASCII, a dot is any character, as in the warehouse', () => {
  expect(test_of('^a.b$').test('a\nb')).toBe(true);
  expect(test_of('^\\s$').test(' ')).toBe(true);
  expect(test_of('^\\s$').test('\u00a0')).toBe(false);
  expect(test_of('^[\\s-]+$').source).toBe('^[\\t\\n\\f\\r -]+$');
  expect(test_of('^\\S$').test('\u00a0')).toBe(true);
});

test.each([
  ...['(a+)+$', 'a\\u0041', '(?<n>a)', '(?=a)b', 'a{2000}', '[\\S]', '[a\\S]', '\\B', '('],
  ...['[]', '[^]', 'a[]b', '[\\b]', '[a\\b]', '(?:a{32}){32}', '(?:(?:a{10}){10}){11}', '(?:ab{3,}){334}'],
  '[^a]{1000}[^b]{1000}[^c]{1000}[^d]{1000}[^e]{1000}[^f]{1000}',
])('%s is refused', (pattern) => {
  expect(compileRegex(pattern).is).toBe('refused');
});

const ATOMS = [
  ...[
    'a',
    'b',
    'é',
    '😀',
    '\\.',
    '\\d',
    '\\D',
    '\\w',
    '\\W',
    '\\s',
    '\\S',
    '\\b',
    '\\B',
    '^',
    '$',
    '\\n',
    '\\t',
    '\\x41',
  ],
  ...['.', '-', '\\/', '\\[', '\\]', '\\0', '\\v'],
];
const IN_BRACKETS = [
  'a',
  'b',
  'a-f',
  'é',
  '\\d',
  '\\w',
  '\\W',
  '\\s',
  '\\S',
  '\\b',
  '\\]',
  '[',
  '^',
  '-',
  '\\\\',
  '\\n',
];
const QUANTIFIERS = ['', '', '', '', '*', '+', '?', '*?', '{2}', '{0,3}', '{2,}', '{32}', '{0}', '{400}'];

const brackets = fc
  .tuple(fc.constantFrom('', '^'), fc.array(fc.constantFrom(...IN_BRACKETS), { maxLength: 3 }))
  .map(([not, items]) => `[${not}${items.join('')}]`);
const patterns = fc.letrec<{ pattern: string; part: string }>((tie) => ({
  part: fc
    .tuple(
      fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(...ATOMS),
        brackets,
        tie('pattern').map((inner) => `(?:${inner})`),
        tie('pattern').map((inner) => `(${inner})`),
      ),
      fc.constantFrom(...QUANTIFIERS),
    )
    .map(([atom, quantifier]) => atom + quantifier),
  pattern: fc
    .array(fc.array(tie('part'), { maxLength: 4 }), { minLength: 1, maxLength: 2 })
    .map((options) => options.map((parts) => parts.join('')).join('|')),
})).pattern;

const TEXTS = [
  ...['', 'a', 'b', 'A', 'ab', 'aab', 'é', 'aé', '😀', '5', 'a5', '.', '-', '/', '[', ']', '\\', '^', '_'],
  ...[
    '\n',
    'a\n',
    '\na',
    '\t',
    '\v',
    '\u0000',
    '\b',
    '\u00a0',
    '\u2028',
    ' ',
    'a b',
    'a\u00a0b',
    'f',
    'a'.repeat(64),
  ],
];

test('random patterns that are accepted run in the warehouse, and mean the same there', async () => {
  const fixture = await openSegmentFixture();
  const found = fc.sample(patterns, { numRuns: 20_000, seed: 1 });
  const safe = [...new Set(found)].filter((pattern) => compileRegex(pattern).is === 'safe');
  expect(safe.length).toBeGreaterThan(1_000);
  const different: string[] = [];
  for (let from = 0; from < safe.length; from += 50) {
    const some = safe.slice(from, from + 50);
    const regexes = some.map(test_of);
    const each = regexes.map(({ source }) => sql`match(text, ${source})`);
    const rows = await fixture.warehouse.query<{ text: string; hits: (0 | 1)[] }>(
      sql`SELECT text, [${join(each, ', ')}] AS hits FROM (SELECT arrayJoin(${param(TEXTS, 'Array(String)')}) AS text)`,
    );
    for (const { text, hits } of rows)
      some.forEach((pattern, i) => {
        if (regexes[i]?.test(text) !== (hits[i] === 1)) different.push(`${pattern} ${JSON.stringify(text)}`);
      });
  }
  await fixture.close();
  expect(different).toEqual([]);
});

test('very long text does not match', () => {
  expect(test_of('a').test('a'.repeat(6_000))).toBe(false);
});
