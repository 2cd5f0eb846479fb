import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fixedClock } from '../../kernel/clock.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { openOnlineStore } from './open.ts';
import type { Changes } from './port.ts';

/** Additions go to keys that only ever hold numbers. */
const key = fc.constantFrom('a', 'a:1', 'a:2', 'b', 'é');
const number_key = fc.constantFrom('n', 'n:1');
const life_ms = fc.option(fc.integer({ min: 1, max: 200_000 }), { nil: undefined });
const put = fc.oneof(
  fc.record({ key, value: fc.jsonValue({ maxDepth: 1 }), life_ms }),
  fc.record({ key: number_key, value: fc.integer(), life_ms }),
);
const changes = fc.record({
  put: fc.array(put, { maxLength: 3 }),
  add: fc.array(fc.record({ key: number_key, by: fc.integer({ min: -5, max: 5 }) }), { maxLength: 3 }),
  remove: fc.array(fc.oneof(key, number_key), { maxLength: 2 }),
});
const step = fc.oneof(
  { weight: 6, arbitrary: fc.array(changes, { minLength: 1, maxLength: 4 }).map((commits) => ({ commits })) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 150_000 }).map((advance_ms) => ({ advance_ms })) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 5 }).map((sweep) => ({ sweep })) },
  { weight: 1, arbitrary: fc.constant({ restart: true }) },
);

interface Held {
  readonly value: unknown;
  readonly expires_at_ms: number;
}

/** The port's promise in its plainest form. */
function applyTo(model: Map<string, Held>, { put: puts = [], add = [], remove = [] }: Changes): void {
  for (const { key: k, value, expires_at_ms = Number.POSITIVE_INFINITY } of puts)
    model.set(k, { value, expires_at_ms });
  for (const { key: k, by } of add) {
    const held = model.get(k) ?? { value: 0, expires_at_ms: Number.POSITIVE_INFINITY };
    model.set(k, { ...held, value: Number(held.value) + by });
  }
  for (const k of remove) model.delete(k);
}

export function onlineStoreLaws(urlOf: (folder: string) => string): void {
  test('any run of commits, time, sweeps and restarts agrees with a map', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
        const folder = mkdtempSync(join(tmpdir(), 'plumbline-online-'));
        const clock = fixedClock('2026-03-01T00:00:30Z');
        const open = () => openOnlineStore(urlOf(folder), { clock, logger: silentLogger });
        const model = new Map<string, Held>();
        let store = await open();
        for (const s of steps) {
          if ('commits' in s) {
            const commits = s.commits.map((c) => ({
              ...c,
              put: c.put.map(({ life_ms: life, ...rest }) =>
                life === undefined ? rest : { ...rest, expires_at_ms: clock.now_ms() + life },
              ),
            }));
            for (const c of commits) applyTo(model, c);
            await Promise.all(commits.map((c) => store.commit(c)));
          } else if ('advance_ms' in s) {
            clock.advance(s.advance_ms);
            for (const [k, held] of model) if (held.expires_at_ms <= clock.now_ms()) model.delete(k);
          } else if ('sweep' in s) {
            expect(await store.sweep(s.sweep)).toBeLessThanOrEqual(s.sweep);
          } else {
            await store.close();
            store = await open();
          }
          const expected = [...model.keys()].toSorted((a, b) =>
            Buffer.compare(Buffer.from(a), Buffer.from(b)),
          );
          const found = await store.scan('', { limit: 100 });
          expect(found).toEqual(
            expected.map((k) => ({ key: k, value: JSON.parse(JSON.stringify(model.get(k)?.value)) })),
          );
        }
        await store.close();
        rmSync(folder, { recursive: true });
      }),
      { numRuns: 30 },
    );
  });
}
