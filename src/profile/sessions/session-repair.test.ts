import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { IMPORT_BASE } from '../../collect/contract.ts';
import { DAY_MS, HOUR_MS } from '../../kernel/clock.ts';
import { SESSIONS, type SessionRow } from '../contract.ts';
import {
  type ArrivedEvent,
  arrivals,
  byStart,
  comparable,
  comparableSummary,
  iso,
  NOW,
  openProfile,
  type ProfileFixture,
  runStep,
  stored,
} from '../fixture.ts';
import { isInSessions, readSessionEvent, type StoredEvent } from './session-event.ts';
import { compileRules } from './session-rules.ts';
import { sessionise } from './sessionise.ts';
import { listSessions } from './sessions.sql.ts';

let profile: ProfileFixture;
const rules = compileRules({});
const NOW_MS = Date.parse(NOW);

beforeAll(async () => {
  profile = await openProfile();
});
afterAll(() => profile.close());
beforeEach(() => profile.clear());

const standing = () =>
  profile.warehouse.query<SessionRow>(listSessions({ person: undefined, from_ms: 0, limit: 100_000 }));

function whole(events: readonly StoredEvent[]) {
  const people = Map.groupBy(events, (e) => e.person);
  return [...people].flatMap(([person_id, list]) =>
    sessionise(person_id, list.filter(isInSessions).map(readSessionEvent), rules).map((s) =>
      comparableSummary(person_id, s, rules),
    ),
  );
}

const expectWhole = async (events: readonly StoredEvent[]) =>
  expect(byStart((await standing()).map(comparable))).toEqual(byStart(whole(events)));

type Crash = 'none' | 'after rows' | 'after all rows and a repair';

/** One round of the pipeline; a crash leaves rows behind and runs the batch again. */
async function round(batch: readonly ArrivedEvent[], crash: Crash): Promise<void> {
  const { warehouse, online } = profile;
  const sessionStep = profile.sessions.step;
  const first = await runStep(sessionStep, batch);
  await profile.store(batch);
  await warehouse.insert(SESSIONS, first.rows);
  if (crash === 'none') {
    await online.commit(first.online);
    return sessionStep.committed();
  }
  sessionStep.reset();
  if (crash === 'after all rows and a repair') await profile.sessions.repairAll();
  const again = await runStep(sessionStep, batch);
  await warehouse.insert(SESSIONS, again.rows);
  await online.commit(again.online);
  sessionStep.committed();
}

describe('stream and repair', () => {
  test('end with the sessions of the whole, in any order, through crashes', async () => {
    const crashes = fc.constantFrom<Crash>('none', 'none', 'after rows', 'after all rows and a repair');
    await fc.assert(
      fc.asyncProperty(
        arrivals(60),
        fc.array(crashes, { minLength: 4, maxLength: 4 }),
        fc.boolean(),
        async (list, crash, often) => {
          await profile.clear();
          const size = Math.max(1, Math.ceil(list.length / 4));
          for (let i = 0; i < list.length; i += size) {
            await round(list.slice(i, i + size), crash[i / size] ?? 'none');
            if (often) await profile.sessions.repairAll();
          }
          await profile.sessions.repairAll();
          expect(await profile.sessions.repairAll()).toBe(0);
          await expectWhole(list);
        },
      ),
      { numRuns: 10 },
    );
  });

  test('waits until the sink has stored what was counted', async () => {
    const { online, sessions } = profile;
    const late = stored(1, { timestamp: iso(NOW_MS - 2 * DAY_MS), received_at: NOW });
    await online.commit((await runStep(sessions.step, [late])).online);
    sessions.step.committed();
    expect(await profile.sessions.repairAll()).toBe(0);
    await profile.store([late]);
    expect(await profile.sessions.repairAll()).toBe(1);
    await expectWhole([late]);
  });

  test('waits for its turn while the stream has it', async () => {
    const { online, sessions, turns } = profile;
    const late = stored(1, { timestamp: iso(NOW_MS - 2 * DAY_MS), received_at: NOW });
    await profile.store([late]);
    const passOn = await turns.take();
    const { online: changes } = await runStep(sessions.step, [late]);
    const repairing = sessions.repairAll();
    await online.commit(changes);
    sessions.step.committed();
    passOn();
    expect(await repairing).toBe(1);
  });

  test('who lost or got identifiers gets the sessions of the events that are theirs now', async () => {
    const { online, sessions, warehouse } = profile;
    const [one, two] = [stored(1), stored(2, { user_id: '', timestamp: iso(NOW_MS - HOUR_MS) })];
    // So far the second event was counted for ann, too; in truth it is the device's.
    await round([one, { ...two, person: one.person }], 'none');
    await sessions.step.move([{ from: one.person, to: two.person }]);
    const { rows, online: changes } = await sessions.step.take();
    expect(rows).toEqual([]);
    await online.commit(changes);
    sessions.step.committed();
    expect(await sessions.repairAll()).toBe(2);
    await expectWhole([one, two]);
    expect(await warehouse.query(listSessions({ person: one.person, from_ms: 0, limit: 9 }))).toHaveLength(1);
  });
});

describe('history', () => {
  const history = (list: readonly ArrivedEvent[]) =>
    list.map((e, i) => ({ ...e, position: IMPORT_BASE + i }));
  const range = [new Date(NOW_MS - 10 * DAY_MS), new Date(NOW_MS + 1)] as const;

  test('is the sessions of its events, also when it is imported again with more', async () => {
    await fc.assert(
      fc.asyncProperty(arrivals(80), fc.nat(80), async (list, cut) => {
        await profile.clear();
        const all = history(list);
        const [some, more] = [all.slice(0, cut), all.slice(cut)];
        if (some.length > 0) await profile.store(some);
        await profile.sessions.importHistory(...range);
        await expectWhole(some);
        const ids = (await standing()).map((row) => row.session_id);
        await profile.sessions.importHistory(...range);
        expect((await standing()).map((row) => row.session_id)).toEqual(ids);
        if (more.length > 0) await profile.store(more);
        await profile.sessions.importHistory(...range);
        await expectWhole(all);
      }),
      { numRuns: 4 },
    );
  });

  test('and the stream join without a seam, before and after', async () => {
    await fc.assert(
      fc.asyncProperty(arrivals(60), fc.nat(60), fc.boolean(), async (list, cut, streamFirst) => {
        await profile.clear();
        const past = history(list.slice(0, cut));
        const live = list.slice(cut).map((e) => ({ ...e, event: { ...e.event, received_at: NOW } }));
        const bulk = async () => {
          if (past.length > 0) await profile.store(past);
          await profile.sessions.importHistory(...range);
        };
        if (!streamFirst) await bulk();
        if (live.length > 0) await round(live, 'none');
        if (streamFirst) await bulk();
        await profile.sessions.repairAll();
        await expectWhole([...past, ...live]);
      }),
      { numRuns: 10 },
    );
  });

  test('outside the range stays as it is', async () => {
    const old = stored(IMPORT_BASE, { timestamp: iso(NOW_MS - 5 * DAY_MS) });
    const older = stored(IMPORT_BASE + 1, { timestamp: iso(NOW_MS - 8 * DAY_MS) });
    await profile.store([old, older]);
    const found = await profile.sessions.importHistory(
      new Date(NOW_MS - 6 * DAY_MS),
      new Date(NOW_MS - 5 * DAY_MS + HOUR_MS),
    );
    expect(found).toEqual({ sessions: 1, repaired: 0 });
    await expectWhole([old]);
  });
});
