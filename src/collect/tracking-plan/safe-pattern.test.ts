import { describe, expect, test } from 'vitest';
import { judgePattern } from './safe-pattern.ts';

const UNLIMITED = Number.POSITIVE_INFINITY;

describe('judgePattern', () => {
  test.each([
    ['^[A-Z]{3}$', UNLIMITED],
    ['^https?://', UNLIMITED],
    ['^[a-z0-9]+(-[a-z0-9]+)*$', 512],
    ['^(?:[a-z0-9]+\\.)+[a-z]{2,24}$', 512],
    ['^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$', 512],
    ['^[0-9]{1,3}(\\.[0-9]{1,3}){3}$', UNLIMITED],
    ['^\\+?[0-9]{7,15}$', UNLIMITED],
    ['^(?:foo|bar)+$', UNLIMITED],
    ['^\\p{L}+$', UNLIMITED],
    ['^sku-[0-9]+$', UNLIMITED],
    ['[0-9]+', 8_192],
    ['^(red|green|blue)$', UNLIMITED],
    ['^(?<year>\\d{4})-(?<month>\\d{2})$', UNLIMITED],
    ['^(?!test).*$', UNLIMITED],
    ['^[\\]\\-a]+$', UNLIMITED],
    ['', UNLIMITED],
  ])('accepts %s for text of up to %d characters', (pattern, max_text_characters) => {
    expect(judgePattern(pattern)).toEqual({ is: 'safe', max_text_characters });
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
