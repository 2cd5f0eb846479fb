import { expect, test } from 'vitest';
import { bodyOf, draftOf, NEW_SET } from './set-draft.ts';

test('a definition goes through the form unchanged', () => {
  const body = {
    description: 'one newsletter',
    owner: 'ada',
    members: [
      { segment: 'vip', value: 20 },
      { segment: 'gold', within: 'vip' },
    ],
    policy: 'largest_value',
    cold_start: [{ segment: 'vip', country: ['DE', 'AT'], device: ['mobile'] }],
  };
  expect(bodyOf(draftOf(body))).toEqual(body);
});

test('empty fields are left out, so that the check names them', () => {
  expect(bodyOf(NEW_SET)).toEqual({ description: '', members: [{}, {}], policy: 'priority', cold_start: [] });
});
