import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fixedClock } from '../../kernel/clock.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { killedThreeTimes } from '../crash.suite.ts';
import { folderPerTest } from '../folder-per-test.suite.ts';
import { testOnSmallDisk } from '../small-disk.suite.ts';
import { onlineStoreLaws } from './laws.suite.ts';
import { openOnlineStore } from './open.ts';
import type { OnlineStore } from './port.ts';

/** What every adapter of the online store must do; `urlOf` names the store in a folder. */
export function onlineStoreSuite(name: string, urlOf: (folder: string) => string): void {
  describe(`online store: ${name}`, () => {
    const start = Date.parse('2026-03-01T00:00:30Z');
    const folder = folderPerTest('online');
    let clock = fixedClock(start);
    let store: OnlineStore;
    const open = (where = folder()): Promise<OnlineStore> =>
      openOnlineStore(urlOf(where), { clock, logger: silentLogger });
    const keys = async (prefix = ''): Promise<string[]> =>
      (await store.scan(prefix, { limit: 1_000 })).map((e) => e.key);
    beforeEach(async () => {
      clock = fixedClock(start);
      store = await open();
    });
    afterEach(() => store.close());

    test('JSON comes back as it went in; a key that holds nothing is undefined', async () => {
      const values = [null, 0, -1.5, true, '', 'é🐎', [1, [2]], { a: { b: 'c' } }, 'x'.repeat(300_000)];
      await store.commit({ put: values.map((value, i) => ({ key: `k${i}`, value })) });
      for (const [i, value] of values.entries()) expect(await store.get(`k${i}`)).toEqual(value);
      expect(await store.get('none')).toBeUndefined();
      expect(await store.getMany(['k3', 'none', 'k1', 'k3'])).toEqual([true, undefined, 0, true]);
    });

    test('one commit: puts, then additions, then removals', async () => {
      await store.commit({ put: [{ key: 'a', value: 5 }] });
      await store.commit({
        remove: ['gone', 'a'],
        add: [
          { key: 'n', by: 2 },
          { key: 'n', by: 3 },
          { key: 'p', by: 1 },
        ],
        put: [
          { key: 'gone', value: 1 },
          { key: 'p', value: 10 },
        ],
      });
      expect(await store.getMany(['a', 'gone', 'n', 'p'])).toEqual([undefined, undefined, 5, 11]);
    });

    test('commits from many callers lose nothing, and apply in the order of the calls', async () => {
      const commits = Array.from({ length: 500 }, (_, i) =>
        store.commit({ add: [{ key: 'sum', by: i }], put: [{ key: 'last', value: i }] }),
      );
      await Promise.all(commits);
      expect(await store.getMany(['sum', 'last'])).toEqual([124_750, 499]);
    });

    test('a refused commit changes nothing', async () => {
      const put = [{ key: 'a', value: 1 }];
      await expect(store.commit({ put: [...put, { key: '', value: 1 }] })).rejects.toThrow('key');
      await expect(store.commit({ put: [...put, { key: 'k'.repeat(1_025), value: 1 }] })).rejects.toThrow(
        '1,024',
      );
      await expect(store.commit({ put: [...put, { key: 'é'.repeat(513), value: 1 }] })).rejects.toThrow(
        '1,024',
      );
      await expect(store.commit({ put: [...put, { key: 'b', value: undefined }] })).rejects.toThrow('JSON');
      await expect(store.commit({ put: [...put, { key: 'b', value: 1n }] })).rejects.toThrow();
      await expect(store.commit({ put, add: [{ key: 'b', by: Number.NaN }] })).rejects.toThrow('finite');
      await expect(
        store.commit({ put: [{ key: 'a', value: 'text' }], add: [{ key: 'a', by: 1 }] }),
      ).rejects.toThrow('number');
      expect(await keys()).toEqual([]);
      await store.commit({ put: [{ key: 'é'.repeat(512), value: 1 }] });
      expect(await keys()).toEqual(['é'.repeat(512)]);
    });

    test('one caller’s bad addition does not spoil the commits it shares a transaction with', async () => {
      await store.commit({ put: [{ key: 'text', value: 'a' }] });
      const outcomes = await Promise.allSettled([
        store.commit({ put: [{ key: 'before', value: 1 }] }),
        store.commit({ put: [{ key: 'bad', value: 1 }], add: [{ key: 'text', by: 1 }] }),
        store.commit({ put: [{ key: 'after', value: 1 }] }),
      ]);
      expect(outcomes.map((o) => o.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(await keys()).toEqual(['after', 'before', 'text']);
    });

    test('a scan goes by bytes, stays in its prefix, and goes on after a key', async () => {
      const all = ['a', 'a:', 'a:1', 'a:10', 'a:2', 'a:é', 'a:\u{1f40e}', 'b', '1', 'A'];
      await store.commit({ put: all.map((key) => ({ key, value: key })) });
      const sorted = all.toSorted((x, y) => Buffer.compare(Buffer.from(x), Buffer.from(y)));
      expect(await keys()).toEqual(sorted);
      const inside = sorted.filter((key) => key.startsWith('a:'));
      expect(await store.scan('a:', { limit: 2 })).toEqual(
        inside.slice(0, 2).map((key) => ({ key, value: key })),
      );
      expect((await store.scan('a:', { limit: 10, after: 'a:10' })).map((e) => e.key)).toEqual(
        inside.slice(3),
      );
      expect((await store.scan('a:', { limit: 10, after: 'A' })).map((e) => e.key)).toEqual(inside);
      expect(await store.scan('a:', { limit: 10, after: 'b' })).toEqual([]);
      expect(await store.scan('a:', { limit: 0 })).toEqual([]);
    });

    test('an entry is gone from its expiry on, and swept later', async () => {
      const at = (key: string, ms: number) => ({ key, value: 1, expires_at_ms: start + ms });
      await store.commit({ put: [at('soon', 1_000), at('later', 7_200_000), { key: 'never', value: 1 }] });
      clock.advance(999);
      expect(await keys()).toEqual(['later', 'never', 'soon']);
      expect(await store.sweep(10)).toBe(0);
      clock.advance(1);
      expect(await keys()).toEqual(['later', 'never']);
      expect(await store.getMany(['soon', 'never'])).toEqual([undefined, 1]);
      expect(await store.get('soon')).toBeUndefined();
      expect(await store.sweep(10)).toBe(1);
      expect(await store.sweep(10)).toBe(0);
      clock.advance(7_200_000);
      expect(await store.sweep(10)).toBe(1);
      expect(await keys()).toEqual(['never']);
    });

    test('an expiry can be moved or lifted; an addition keeps it, and starts anew once it has passed', async () => {
      const soon = start + 1_000;
      await store.commit({
        put: ['moved', 'lifted', 'counted'].map((key) => ({ key, value: 1, expires_at_ms: soon })),
      });
      await store.commit({
        put: [
          { key: 'moved', value: 2, expires_at_ms: start + 600_000 },
          { key: 'lifted', value: 2 },
        ],
        add: [{ key: 'counted', by: 4 }],
      });
      expect(await store.getMany(['moved', 'lifted', 'counted'])).toEqual([2, 2, 5]);
      clock.advance(60_000);
      expect(await store.getMany(['moved', 'lifted', 'counted'])).toEqual([2, 2, undefined]);
      await store.commit({ add: [{ key: 'counted', by: 1 }] });
      expect(await store.get('counted')).toBe(1);
      expect(await store.sweep(100)).toBe(0);
      clock.advance(10 * 365 * 86_400_000);
      expect(await store.sweep(100)).toBe(1);
      expect(await keys()).toEqual(['counted', 'lifted']);
    });

    test('a sweep keeps to its limit and leaves alone what is written meanwhile', async () => {
      const many = Array.from({ length: 50 }, (_, i) => ({
        key: `k${i}`,
        value: i,
        expires_at_ms: start + i,
      }));
      await store.commit({ put: many });
      clock.advance(60_000);
      const [, swept] = await Promise.all([
        store.commit({ put: [{ key: 'k0', value: 'new' }] }),
        store.sweep(20),
      ]);
      expect(swept).toBe(20);
      expect(await store.get('k0')).toBe('new');
      expect((await store.sweep(100)) + (await store.sweep(100))).toBe(29);
      expect(await keys()).toEqual(['k0']);
    });

    test('getMany reads one snapshot, however long it takes', async () => {
      const names = Array.from({ length: 4_000 }, (_, i) => `k${i}`);
      await store.commit({ put: names.map((key) => ({ key, value: 0 })) });
      const reading = store.getMany<number>(names);
      const writing = store.commit({ put: names.map((key) => ({ key, value: 1 })) });
      expect(new Set(await reading).size).toBe(1);
      await writing;
      expect(new Set(await store.getMany<number>(names))).toEqual(new Set([1]));
    });

    test('a read that begins after a commit sees it', async () => {
      for (let i = 0; i < 200; i++) {
        await store.commit({ put: [{ key: 'k', value: i }] });
        expect(await store.get('k')).toBe(i);
      }
    });

    onlineStoreLaws(urlOf);

    test('what was acknowledged survives SIGKILL, whole commits only', { timeout: 60_000 }, async () => {
      await store.close();
      const last = new Map<string, number>();
      const script = new URL('./port.crash.ts', import.meta.url);
      for (const line of await killedThreeTimes(script, urlOf(folder()), 100)) {
        const [caller = '', i = ''] = line.split(' ');
        last.set(caller, Number(i));
      }
      store = await open();
      let commits = 0;
      for (const [caller, acknowledged] of last) {
        const stored = (await store.get<number>(`last:${caller}`)) ?? 0;
        // The one commit that was under way may be in, whole.
        expect([acknowledged, acknowledged + 1]).toContain(stored);
        commits += stored;
        const items = (await store.scan<{ i: number }>(`item:${caller}:`, { limit: 100 })).map(
          (e) => e.value.i,
        );
        expect(items.toSorted((a, b) => a - b)).toEqual(
          [stored - 2, stored - 1, stored].filter((i) => i > 0),
        );
      }
      expect(await store.get('commits')).toBe(commits);
    });

    test('one opening at a time holds the store; closed, it refuses and keeps everything', async () => {
      await expect(open()).rejects.toMatchObject({ code: 'store_unavailable' });
      await Promise.all([store.commit({ put: [{ key: 'last', value: 1 }] }), store.close()]);
      await store.close();
      await expect(store.get('last')).rejects.toMatchObject({ code: 'store_unavailable' });
      await expect(store.commit({ put: [] })).rejects.toMatchObject({ code: 'store_unavailable' });
      await expect(store.ping()).rejects.toMatchObject({ code: 'store_unavailable' });
      store = await open();
      await store.ping();
      expect(await store.get('last')).toBe(1);
    });

    testOnSmallDisk('a full disk refuses whole commits, loses nothing, and recovers', 8, async (disk) => {
      const batch = (i: number) =>
        Array.from({ length: 200 }, (_, k) => ({ key: `${i}:${k}`, value: 'x'.repeat(300) }));
      let stored = 0;
      let full = await open(disk.folder);
      disk.fill(2_000_000);
      for (let refusals = 0, i = 0; refusals < 5; i++) {
        await full.commit({ put: batch(i), add: [{ key: 'n', by: 200 }] }).then(
          () => {
            stored += 200;
          },
          (error: unknown) => {
            expect(error).toMatchObject({ code: 'store_unavailable', details: { retry_after_s: 5 } });
            refusals++;
          },
        );
      }
      expect(await full.get('n')).toBe(stored);
      disk.free();
      await full.commit({ put: batch(-1), add: [{ key: 'n', by: 200 }] });
      await full.close();
      full = await open(disk.folder);
      expect(await full.get('n')).toBe(stored + 200);
      expect(await full.scan('', { limit: 100_000 })).toHaveLength(stored + 201);
      await full.close();
    });
  });
}
