import { describe, expect, test } from 'vitest';
import { stored } from '../fixture.ts';
import { readSessionEvent } from './session-event.ts';
import { compileRules } from './session-rules.ts';
import { isRunaway, sessionRow } from './session-summary.ts';
import { sessionise } from './sessionise.ts';

const at = (time: string, campaign = '', path = '') =>
  readSessionEvent(
    stored(Number(time.replaceAll(/\D/g, '')), {
      timestamp: time.length === 5 ? `2026-11-22T${time}:00.000Z` : `2026-11-${time}:00.000Z`,
      context: JSON.stringify({ page: { path, referrer: 'r' }, campaign: { source: campaign } }),
    }),
  );
const counts = (events: ReturnType<typeof at>[], body: unknown = {}) =>
  sessionise('ann', events, compileRules(body)).map((s) => [s.campaign, s.events]);

describe('a session ends', () => {
  test('after more silence than the gap', () => {
    expect(counts([at('10:00'), at('10:30')])).toEqual([['', 2]]);
    expect(counts([at('10:00'), at('10:31')])).toEqual([
      ['', 1],
      ['', 1],
    ]);
    expect(counts([at('10:00'), at('10:31')], { gap_minutes: 31 })).toEqual([['', 2]]);
  });

  test('at midnight of the zone', () => {
    const around = [at('21T23:50'), at('22T00:05')];
    expect(counts(around)).toHaveLength(2);
    expect(counts(around, { time_zone: 'Europe/Berlin' })).toHaveLength(1);
    expect(counts(around, { midnight: false })).toHaveLength(1);
  });

  test('when another campaign begins, not when it is named again or not at all', () => {
    expect(
      counts([
        at('10:00'),
        at('10:01', 'a'),
        at('10:02'),
        at('10:03', 'a'),
        at('10:04', 'b'),
        at('10:05', 'a'),
      ]),
    ).toEqual([
      ['', 1],
      ['a//', 3],
      ['b//', 1],
      ['a//', 1],
    ]);
    expect(counts([at('10:00', 'a'), at('10:01', 'b')], { campaign: false })).toEqual([['a//', 2]]);
  });
});

test('a row says where the session came in and went out', () => {
  const [session] = sessionise(
    'ann',
    [at('10:05', '', '/c'), at('10:00'), at('10:02', '', '/b')],
    compileRules({}),
  );
  expect(session && sessionRow('ann', session, compileRules({}))).toMatchObject({
    person_id: 'ann',
    started_at: '2026-11-22T10:00:00.000Z',
    ended_at: '2026-11-22T10:05:00.000Z',
    events: 3,
    pages: 3,
    entry_path: '/b',
    exit_path: '/c',
    referrer: 'r',
    runaway: 0,
    removed: 0,
  });
});

test('a session beyond the limits is a runaway', () => {
  const rules = compileRules({ runaway_events: 2, runaway_hours: 0.5 });
  const runaways = (times: string[]) =>
    sessionise(
      'ann',
      times.map((t) => at(t)),
      rules,
    ).map((s) => isRunaway(s, rules));
  expect(runaways(['10:00', '10:30'])).toEqual([false]);
  expect(runaways(['10:00', '10:01', '10:02'])).toEqual([true]);
  expect(runaways(['10:05', '10:35', '10:06', '11:00'])).toEqual([true]);
  expect(runaways(['10:00', '10:29', '11:20'])).toEqual([false, false]);
});
