import { describe, expect, test } from 'vitest';
import { stored } from '../fixture.ts';
import { compareMoments, readSessionEvent } from './session-event.ts';

const read = (changes: Parameters<typeof stored>[1]) => readSessionEvent(stored(7, changes));

describe('what a session reads of an event', () => {
  test('campaign, path and referrer of a page', () => {
    const context = JSON.stringify({
      page: { path: '/shoes', referrer: 'https://search.example/' },
      campaign: { source: 'google', medium: 'cpc', name: 'spring' },
    });
    expect(read({ context })).toMatchObject({
      position: 7,
      page: true,
      campaign: 'google/cpc/spring',
      path: '/shoes',
      referrer: 'https://search.example/',
      at_ms: Date.parse('2026-11-22T10:00:00.000Z'),
    });
  });

  test('a part of a campaign is a campaign, and only text counts', () => {
    expect(read({ context: '{"campaign":{"name":"spring"}}' }).campaign).toBe('//spring');
    expect(read({ context: '{"campaign":{"source":5}}' }).campaign).toBe('');
  });

  test('a screen without a path is named by the screen', () => {
    expect(read({ type: 'screen', event: 'Basket' })).toMatchObject({ page: true, path: 'Basket' });
    expect(read({ type: 'track', event: 'Basket' })).toMatchObject({ page: false, path: '' });
  });

  test('what is said of a person is no visit of a page', () => {
    expect(
      read({ type: 'identify', context: '{"page":{"path":"/a"},"campaign":{"source":"x"}}' }),
    ).toMatchObject({
      path: '',
      campaign: '',
    });
  });

  test('long text is cut by code points, never through one', () => {
    const path = read({ context: JSON.stringify({ page: { path: '😀'.repeat(600) } }) }).path;
    expect(path).toBe('😀'.repeat(512));
  });
});

test('ties are broken as the warehouse sorts, by bytes of UTF-8', () => {
  expect(compareMoments(1, 'b', 2, 'a')).toBeLessThan(0);
  expect(compareMoments(1, 'a', 1, 'a')).toBe(0);
  // In UTF-16 the surrogates of the emoji sort before U+FF5E; in UTF-8 after it.
  expect(compareMoments(1, '～', 1, '😀')).toBeLessThan(0);
});
