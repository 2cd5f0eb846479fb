import { expect, test } from 'vitest';
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

test.each(['(a+)+$', 'a\\u0041', '(?<n>a)', '(?=a)b', 'a{2000}', '[\\S]', '('])(
  '%s is refused',
  (pattern) => {
    expect(compileRegex(pattern).is).toBe('refused');
  },
);

test('very long text does not match', () => {
  expect(test_of('a').test('a'.repeat(6_000))).toBe(false);
});
