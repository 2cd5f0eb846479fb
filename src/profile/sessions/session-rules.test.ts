import { describe, expect, test } from 'vitest';
import { compileRules, sessionRulesKind } from './session-rules.ts';

describe('session rules', () => {
  test('default to half an hour, midnight in UTC and another campaign', () => {
    expect(compileRules(undefined).rules).toEqual({
      gap_minutes: 30,
      midnight: true,
      time_zone: 'UTC',
      campaign: true,
      runaway_events: 1_000,
      runaway_hours: 12,
    });
  });

  test.each([
    [{ gap_minutes: 0 }, 'gap_minutes'],
    [{ time_zone: 'Mars/Olympus' }, 'time_zone'],
    [{ time_zone: '+02:00' }, 'time_zone'],
    [{ gap: 30 }, 'body'],
    ['thirty', 'body'],
  ])('%j is refused at %s', (body, field) => {
    expect(sessionRulesKind.check(body, 'default').map((p) => p.field)).toEqual([field]);
  });

  test('there is one set, named default', () => {
    expect(sessionRulesKind.check({}, 'default')).toEqual([]);
    expect(sessionRulesKind.check({}, 'mine').map((p) => p.field)).toEqual(['name']);
  });

  test('midnight counts in the zone that is named', () => {
    const berlin = compileRules({ time_zone: 'Europe/Berlin' });
    expect(berlin.dayOf(Date.parse('2026-11-22T22:59:59.999Z'))).not.toBe(
      berlin.dayOf(Date.parse('2026-11-22T23:00:00Z')),
    );
    const none = compileRules({ midnight: false });
    expect(none.dayOf(0)).toBe(none.dayOf(Date.parse('2026-11-22')));
  });
});
