import { describe, expect, test } from 'vitest';
import { judgePattern } from './safe-pattern.ts';

describe('judgePattern', () => {
  test.each([
    ['^[A-Z]{3}$', 1_000_000],
    ['^https?://', 1_000_000],
    ['^[a-z0-9]+(-[a-z0-9]+)*$', 270],
    ['^(?:[a-z0-9]+\\.)+[a-z]{2,24}$', 270],
    ['^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$', 254],
    ['^[0-9]{1,3}(\\.[0-9]{1,3}){3}$', 1_000_000],
    ['^\\+?[0-9]{7,15}$', 1_000_000],
    ['^(?:foo|bar)+$', 1_000_000],
    ['^\\p{L}+$', 1_000_000],
    ['^sku-[0-9]+$', 1_000_000],
    ['[0-9]+', 4_000],
    ['^(red|green|blue)$', 1_000_000],
    ['^(?<year>\\d{4})-(?<month>\\d{2})$', 1_000_000],
    ['^(?!test).*$', 1_000_000],
    ['^[\\]\\-a]+$', 1_000_000],
    ['', 1_000_000],
  ])('accepts %s, and text of %d characters for it', (pattern, characters) => {
    const verdict = judgePattern(pattern);
    expect(verdict.is === 'safe' && verdict.max_text_characters).toBeGreaterThanOrEqual(characters);
  });

  test.each([
    ['(a+)+$', 'nested'],
    ['^(a*)*$', 'nested'],
    ['^(a|a)*$', 'nested'],
    ['^(a|ab)*$', 'nested'],
    ['^([a-z]+\\s?)+$', 'nested'],
    ['^(-[a-z]*[a-z]*)*$', 'nested'],
    ['^(a*c?c)+$', 'nested'],
    ['^(.*a){20}$', 'nested'],
    ['^((ab)*)+$', 'nested'],
    ['^(x(a+)y)*$'.replace('y', '?'), 'nested'],
    ['^.*.*.*.*$', 'too many repetitions'],
    [`^${'a?'.repeat(30)}${'a'.repeat(30)}$`, 'too many repetitions'],
    ['^(a)\\1$', 'refers back'],
    ['^(?<x>a)\\k<x>$', 'refers back'],
    ['a'.repeat(501), 'longer than 500'],
    ['(', 'not a regular expression'],
    ['[z-a]', 'not a regular expression'],
  ])('refuses %s', (pattern, reason) => {
    const verdict = judgePattern(pattern);
    expect(verdict.is).toBe('refused');
    expect(verdict.is === 'refused' && verdict.message).toContain(reason);
  });
});
