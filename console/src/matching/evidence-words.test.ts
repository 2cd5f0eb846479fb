import { expect, test } from 'vitest';
import {
  chanceWords,
  evidenceWords,
  exactChance,
  fieldWords,
  levelWords,
  oddsWords,
} from './evidence-words.ts';

test.each([
  [0, 'says nothing'],
  [1, '2 times likelier'],
  [-3, '8 times less likely'],
  [0.5, '1.4 times likelier'],
  [12, '4,100 times likelier'],
  [21, '2.1 million times likelier'],
  [60, 'practically proves it'],
  [-2_000, 'practically rules it out'],
])('%d bits: %s', (bits, words) => {
  expect(evidenceWords(bits)).toBe(words);
});

test('the chance before, and after', () => {
  expect(oddsWords(-10)).toBe('1 in 1,000');
  expect(oddsWords(0)).toBe('1 in 2');
  expect([chanceWords(0.99999), chanceWords(0.9871), chanceWords(0)]).toEqual([
    'over 99.9 %',
    '98.7 %',
    'under 0.1 %',
  ]);
});

test('thresholds near 0 and 1 can be told apart', () => {
  expect([0.98, 0.9999906, 0.5, 0.00002, 0, 1].map(exactChance)).toEqual([
    '98.0 %',
    '99.99906 %',
    '50.0 %',
    '0.0020 %',
    '0 %',
    '100 %',
  ]);
});

test('levels without the names of algorithms; labels of a team as they are', () => {
  expect(levelWords('exact')).toBe('the same');
  expect(levelWords('email exact')).toBe('email is the same');
  expect(levelWords('Jaro-Winkler ≥ 0.92')).toBe('spelled nearly the same (likeness 0.92 or more)');
  expect(levelWords('Damerau-Levenshtein ≤ 2')).toBe('at most 2 letters apart');
  expect(levelWords('none of these')).toBe('differs');
  expect(levelWords('same house')).toBe('same house');
});

test('fields as people say them', () => {
  expect(fieldWords('address.post_code')).toBe('Address post code');
});
