import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DAY_MS } from '../../kernel/clock.ts';
import type { SessionRow } from '../contract.ts';
import { ANN, arrivals, iso, NOW, openProfile, type ProfileFixture, runStep, stored } from '../fixture.ts';
import { dirtyKey, sessionKey } from './person-keys.ts';
import { compileRules } from './session-rules.ts';
import { createSessionStep } from './sessions.step.ts';

let profile: ProfileFixture;
beforeAll(async () => {
  profile = await openProfile();
});
afterAll(() => profile.close());
beforeEach(() => profile.clear());

const newStep = (people_max?: number) => {
  const rules = compileRules({});
  const { online, clock } = profile;
  const base = { online, clock, rules: () => rules };
  return createSessionStep(people_max === undefined ? base : { ...base, people_max });
};

const rowsOf = (result: { rows: readonly string[] }) =>
  result.rows.map((row) => JSON.parse(row) as SessionRow);

describe('the step', () => {
  test('writes one row for each session that the batch changed, and its state', async () => {
    const step = newStep();
    const result = await runStep(step, [stored(1), stored(2)]);
    expect(rowsOf(result)).toMatchObject([{ person_id: ANN, events: 2, version: 2 }]);
    expect(result.online.put).toMatchObject([{ key: sessionKey(ANN), value: { position: 2 } }]);
    step.committed();
  });

  test('gives the same after a crash, a reset or with a cold memory, whatever the batches', async () => {
    await fc.assert(
      fc.asyncProperty(
        arrivals(60),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 0, max: 3 }),
        async (list, size, people_max) => {
          await profile.clear();
          const warm = newStep();
          for (let i = 0; i < list.length; i += size) {
            const batch = list.slice(i, i + size);
            const result = await runStep(warm, batch);
            warm.reset();
            expect(await runStep(warm, batch)).toEqual(result);
            const cold = newStep(people_max);
            expect(await runStep(cold, batch)).toEqual(result);
            cold.reset();
            await profile.online.commit(result.online);
            warm.committed();
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  test('adopts nothing before the commit', async () => {
    const step = newStep();
    await runStep(step, [stored(1)]);
    step.reset();
    expect(rowsOf(await runStep(step, [stored(2)]))).toMatchObject([{ events: 1, version: 2 }]);
    step.reset();
  });

  test('a row of a file is no visit', async () => {
    const step = newStep();
    const row = stored(1, { source_id: 'import', type: 'identify' });
    expect(await runStep(step, [row, stored(2, { source_id: 'import', type: 'track' })])).toEqual({
      rows: [],
      online: { put: [] },
    });
    step.reset();
  });

  test('batches that are taken together give what one batch gives', async () => {
    await fc.assert(
      fc.asyncProperty(arrivals(60), fc.integer({ min: 1, max: 20 }), async (list, size) => {
        await profile.clear();
        const whole = newStep();
        const parts = newStep();
        for (let i = 0; i < list.length; i += size) await parts.add(list.slice(i, i + size));
        expect(await parts.take()).toEqual(await runStep(whole, list));
      }),
      { numRuns: 25 },
    );
  });

  test('a person not heard of for long may have sessions that it does not know: late events wait for repair', async () => {
    const step = newStep();
    const late = stored(1, { timestamp: iso(Date.parse(NOW) - 2 * DAY_MS), received_at: NOW });
    const result = await runStep(step, [late]);
    expect(result.rows).toEqual([]);
    expect(result.online.put?.map((p) => p.key)).toEqual([sessionKey(ANN), dirtyKey(ANN)]);
    expect(result.online.put?.[0]?.expires_at_ms).toBeUndefined();
    step.committed();
    const next = await runStep(step, [stored(2)]);
    expect(next.rows).toEqual([]);
    expect(next.online.put?.map((p) => p.key)).toEqual([sessionKey(ANN)]);
    step.committed();
  });
});
