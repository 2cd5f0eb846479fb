import { expect, test } from 'vitest';
import { bodyOf, nameFrom, settingsOf } from './segment-body.ts';

test('a body that was read is written as it was', () => {
  const body = {
    label: 'Big spenders',
    owner: 'ada',
    purpose: 'advertising',
    teams: ['crm'],
    sensitivity: 'normal',
    exclude_bots: true,
    refresh: { every: 'day' },
    rule: { all: [] },
  };
  expect(bodyOf(settingsOf(body, ''), body.rule)).toEqual(body);
});

test('a name is made from the label', () => {
  expect(nameFrom('Big spenders (DE)')).toBe('big-spenders-de');
  expect(nameFrom(' Über München ')).toBe('uber-munchen');
});
