import { expect, test } from 'vitest';
import { bandsOf } from './rfm-bands.ts';

test('no value is in two bands, and none in none', () => {
  expect(bandsOf([2, 3], true)).toEqual(['under 2', '2', '3 and more']);
  expect(bandsOf([7, 30, 90], true)).toEqual(['under 7', '7 to 29', '30 to 89', '90 and more']);
  // Cuts between whole numbers: the whole numbers beyond them.
  expect(bandsOf([2.2, 2.6, 4.5], true)).toEqual(['under 3', 'nobody', '3 to 4', '5 and more']);
  expect(bandsOf([10.5, 20], false)).toEqual(['under 10.5', '10.5 to under 20', '20 and more']);
  expect(bandsOf([5, 5], false)).toEqual(['under 5', 'nobody', '5 and more']);
  expect(bandsOf([], true)).toEqual(['all']);
});
