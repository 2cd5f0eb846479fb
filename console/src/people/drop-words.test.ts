import { expect, test } from 'vitest';
import { decisionWords, refusalWords } from './drop-words.ts';

test.each([
  ['usr_1', 'two sisters', 'by usr_1: two sisters'],
  ['usr_1', '', 'by usr_1'],
  ['', 'run 7', 'run 7'],
  ['', '', ''],
])('decided by %j because of %j', (actor_id, detail, words) =>
  expect(decisionWords({ actor_id, detail })).toBe(words),
);

const identifier = { type: 'user_id', value: 'bob' };

test.each([
  [
    { identifier, rule: 'limit user_id ever', unmerge: null },
    'user id bob: a person may not have more of user id.',
  ],
  [
    { identifier, rule: 'unmerged', unmerge: { at: '2026-11-22T10:00:00.000Z', detail: 'two sisters' } },
    'user id bob: kept apart by a decision of 2026-11-22 (two sisters).',
  ],
  [{ identifier, rule: 'learned', unmerge: null }, /^user id bob: it was seen with too many people/],
])('%j in words', (reason, words) => expect(refusalWords(reason)).toMatch(words));
