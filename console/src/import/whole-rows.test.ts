import { expect, test } from 'vitest';
import { wholeRows } from './whole-rows.ts';

test('a table is cut after its last whole row', () => {
  expect(wholeRows('a,b\n1,2\n3,', 'csv')).toBe('a,b\n1,2\n');
  expect(wholeRows('a,b\r1,2\r3,', 'csv')).toBe('a,b\r1,2\r');
  expect(wholeRows('{"a":1}\n{"a":', 'ndjson')).toBe('{"a":1}\n');
});

test('a line break inside quotes ends no row', () => {
  expect(wholeRows('a\n"one\ntwo"\n"three\nfo', 'csv')).toBe('a\n"one\ntwo"\n');
  expect(wholeRows('a\n"say ""hi""\nyou"\nrest', 'csv')).toBe('a\n"say ""hi""\nyou"\n');
});
