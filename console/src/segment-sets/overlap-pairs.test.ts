import { expect, test } from 'vitest';
import { sharedPeople } from './overlap-pairs.ts';

test('a combination of three counts for each of its pairs', () => {
  const overlaps = [
    { segments: ['a', 'b'], people: 5 },
    { segments: ['a', 'b', 'c'], people: 2 },
  ];
  expect(sharedPeople(overlaps, 'a', 'b')).toBe(7);
  expect(sharedPeople(overlaps, 'c', 'a')).toBe(2);
  expect(sharedPeople(overlaps, 'c', 'd')).toBe(0);
});
