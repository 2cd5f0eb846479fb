import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SessionRow } from '../contract.ts';
import { arrivals, byStart, comparable, comparableSummary, stored } from '../fixture.ts';
import { addToSessions, type PersonSessions, type SessionChanges, unknownPerson } from './person-sessions.ts';
import { rederive, windowOf } from './rederive.ts';
import { readSessionEvent, type SessionEvent } from './session-event.ts';
import { type CompiledRules, compileRules } from './session-rules.ts';
import { sessionRow } from './session-summary.ts';
import { sessionise } from './sessionise.ts';

/** One person's stream over a table of rows, as the warehouse keeps it: the newest version of each id. */
function createStream(rules: CompiledRules) {
  const table = new Map<string, SessionRow>();
  const seen: SessionEvent[] = [];
  let state: PersonSessions = unknownPerson(Number.MIN_SAFE_INTEGER);
  let repairs = 0;
  const write = (row: SessionRow) => {
    const before = table.get(row.session_id);
    expect(row.version).toBeGreaterThanOrEqual(before?.version ?? 0);
    table.set(row.session_id, row);
  };
  const standing = () => [...table.values()].filter((row) => row.removed === 0);
  return {
    table,
    standing,
    repairs: () => repairs,
    state: () => state,
    add(event: SessionEvent) {
      seen.push(event);
      const changes: SessionChanges = new Map();
      state = addToSessions('ann', state, event, rules, changes);
      for (const { session, removed } of changes.values()) {
        write({ ...sessionRow('ann', session, rules), removed: removed ? 1 : 0 });
      }
    },
    repair() {
      if (state.dirty_from_ms === null) return;
      repairs += 1;
      const window = windowOf(state.dirty_from_ms, standing(), rules);
      const derived = sessionise(
        'ann',
        seen.filter((e) => e.at_ms >= window.from_ms),
        rules,
      );
      const rows = standing().filter((row) => Date.parse(row.started_at) >= window.from_ms);
      const found = rederive(
        'ann',
        state,
        { window, derived, standing: rows, position: state.position },
        rules,
      );
      for (const row of found.rows) write(row);
      state = found.state;
    },
  };
}

const bodies = fc.constantFrom(
  {},
  { midnight: false },
  { campaign: false },
  { time_zone: 'America/New_York' },
  { gap_minutes: 5, runaway_events: 3 },
  { midnight: false, gap_minutes: 60 },
);

describe('sessions from a stream', () => {
  test('in any order of arrival, with repair, are the sessions of the whole', () => {
    let repaired = 0;
    let undisturbed = 0;
    fc.assert(
      fc.property(
        arrivals(40),
        bodies,
        fc.integer({ min: 1, max: 7 }),
        fc.constantFrom(1, 2, 6),
        (list, body, every, keep_sessions) => {
          const rules = { ...compileRules(body), keep_sessions };
          const stream = createStream(rules);
          const events = list.map(readSessionEvent);
          events.forEach((event, i) => {
            stream.add(event);
            if (i % every === 0) stream.repair();
            if (stream.state().dirty_from_ms === null) {
              const now = sessionise('ann', events.slice(0, i + 1), rules);
              expect(byStart(stream.standing().map(comparable))).toEqual(
                byStart(now.map((s) => comparableSummary('ann', s, rules))),
              );
            }
          });
          stream.repair();
          if (stream.repairs() > 0) repaired += 1;
          else undisturbed += 1;
          const whole = sessionise('ann', events, rules);
          expect(byStart(stream.standing().map(comparable))).toEqual(
            byStart(whole.map((s) => comparableSummary('ann', s, rules))),
          );
        },
      ),
      { numRuns: 1_500 },
    );
    // Both ways were taken.
    expect(Math.min(repaired, undisturbed)).toBeGreaterThan(20);
  });

  const at = (position: number, time: string, campaign = '') =>
    readSessionEvent(
      stored(position, {
        timestamp: `2026-11-22T${time}:00.000Z`,
        context: JSON.stringify({ campaign: { source: campaign } }),
      }),
    );

  test('a late event between two sessions joins them, and the elder id stays', () => {
    const stream = createStream(compileRules({}));
    stream.add(at(1, '10:00'));
    stream.add(at(2, '10:50'));
    const [first, second] = [...stream.table.keys()];
    stream.add(at(3, '10:25'));
    expect(stream.standing()).toMatchObject([{ session_id: first, events: 3, version: 3 }]);
    expect(stream.table.get(second ?? '')).toMatchObject({ removed: 1, version: 3 });
    expect(stream.repairs()).toBe(0);
  });

  test('a late event that moves the start keeps the id', () => {
    const stream = createStream(compileRules({}));
    stream.add(at(1, '10:20'));
    const [id] = [...stream.table.keys()];
    stream.add(at(2, '10:00'));
    expect(stream.standing()).toMatchObject([
      { session_id: id, started_at: '2026-11-22T10:00:00.000Z', events: 2 },
    ]);
  });

  test('an event that arrives after the session was over opens it again, the ones with it do not', () => {
    const stream = createStream(compileRules({}));
    stream.add(at(1, '10:00'));
    const late = (position: number, time: string, received: string) =>
      stream.add({ ...at(position, time), received_ms: Date.parse(`2026-11-22T${received}:00.000Z`) });
    late(2, '10:10', '14:00');
    late(3, '10:11', '14:01');
    expect(stream.standing()).toMatchObject([{ events: 3, reopened: 1 }]);
    late(4, '10:12', '18:00');
    expect(stream.standing()).toMatchObject([{ events: 4, reopened: 2 }]);
  });

  test('a late campaign inside a session asks for repair, which splits it and keeps its id', () => {
    const stream = createStream(compileRules({}));
    stream.add(at(1, '10:00'));
    stream.add(at(2, '10:20'));
    const [id] = [...stream.table.keys()];
    stream.add(at(3, '10:10', 'a'));
    expect(stream.state().dirty_from_ms).toBe(Date.parse('2026-11-22T10:10:00.000Z'));
    stream.add(at(4, '10:30'));
    expect(stream.standing()).toMatchObject([{ events: 2 }]);
    stream.repair();
    expect(stream.standing()).toMatchObject([
      { session_id: id, events: 1, campaign: '' },
      { events: 3, campaign: 'a//' },
    ]);
  });

  test('the halves of a split never share an id', () => {
    const stream = createStream(compileRules({}));
    stream.add(at(1, '10:20', 'a'));
    const [id] = [...stream.table.keys()];
    stream.add(at(2, '10:00', 'a'));
    // The id was made from the event at 10:20, which now begins the last third.
    stream.add(at(3, '10:10', 'b'));
    stream.repair();
    const ids = stream
      .standing()
      .toSorted((a, b) => (a.started_at < b.started_at ? -1 : 1))
      .map((row) => row.session_id);
    expect(ids[0]).toBe(id);
    expect(new Set(ids).size).toBe(3);
  });

  test('one late event can join a whole row of sessions', () => {
    const stream = createStream(compileRules({}));
    stream.add(at(1, '09:30', 'a'));
    stream.add(at(2, '10:20'));
    stream.add(at(3, '10:30', 'a'));
    expect(stream.standing()).toHaveLength(3);
    stream.add(at(4, '09:55'));
    expect(stream.standing()).toMatchObject([{ events: 4, campaign: 'a//' }]);
    expect(stream.repairs()).toBe(0);
  });

  test('an event that was counted already changes nothing', () => {
    const stream = createStream(compileRules({}));
    stream.add(at(1, '10:00'));
    const before = stream.state();
    stream.add(at(1, '10:00'));
    expect(stream.state()).toBe(before);
  });

  test('what is remembered of a person stays small', () => {
    const stream = createStream(compileRules({}));
    const two = (n: number) => String(n).padStart(2, '0');
    for (let i = 0; i < 500; i++) stream.add(at(i + 1, `${two(i % 20)}:${two(i % 60)}`));
    expect(stream.state().sessions.length).toBeLessThanOrEqual(6);
    expect(JSON.stringify(stream.state()).length).toBeLessThan(4_000);
  });
});
