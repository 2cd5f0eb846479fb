import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isPlaceholder, PLACEHOLDER, standingId } from './standing-id.ts';

describe('placeholders', () => {
  test.each([
    '',
    ' ',
    'null',
    ' NULL ',
    '"null"',
    "'undefined'",
    '(none)',
    '(not set)',
    'N/A',
    'Guest',
    '[object Object]',
    '[object Undefined]',
    '0',
    '-',
    '00000000-0000-0000-0000-000000000000',
    '00:00:00:00:00:00',
  ])('%j names nobody', (id) => expect(isPlaceholder(id)).toBe(true));
  test.each(['nullius', 'nonesuch', '10', 'a0', 'guesthouse', 'tester', 'test1', 'user-1', 'ſet', '\u212a'])(
    '%j may name somebody',
    (id) => expect(isPlaceholder(id)).toBe(false),
  );

  test('the newest migration of events.node holds the same pattern', () => {
    const file = new URL('../migrations/warehouse/003-node-of-somebody.sql', import.meta.url);
    const literal = `'${PLACEHOLDER.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
    expect(readFileSync(file, 'utf8').split(literal)).toHaveLength(3);
  });
});

describe('where an event stands', () => {
  test.each([
    ['ann', 'd1', { type: 'user_id', value: 'ann' }],
    ['', 'd1', { type: 'anonymous_id', value: 'd1' }],
    ['null', 'd1', { type: 'anonymous_id', value: 'd1' }],
    ['null', 'undefined', undefined],
    ['', '', undefined],
  ])('user %j, anonymous %j', (user_id, anonymous_id, expected) =>
    expect(standingId({ user_id, anonymous_id })).toEqual(expected),
  );
});
