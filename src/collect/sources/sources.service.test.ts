import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fixedClock, HOUR_MS } from '../../kernel/clock.ts';
import { silentLogger } from '../../kernel/logger.ts';
import type { OperationContext } from '../../kernel/operation.ts';
import { openControlDb } from '../../stores/control/open.ts';
import type { ControlDb } from '../../stores/control/port.ts';
import { sourceOperations } from './operations.ts';
import { createSourceService, type SourceService } from './sources.service.ts';

const clock = fixedClock('2026-11-22T10:00:00.000Z');
const migration = new URL('../migrations/control/001-sources.sql', import.meta.url);
let folder: string;
let control: ControlDb;
let sources: SourceService;

beforeEach(async () => {
  clock.set(Date.parse('2026-11-22T10:00:00.000Z'));
  folder = await mkdtemp(join(tmpdir(), 'sources-'));
  control = await openControlDb(`sqlite:${join(folder, 'control.db')}`, { logger: silentLogger });
  await control.script(await readFile(migration, 'utf8'));
  sources = createSourceService({ control, clock });
  await sources.load();
});

afterEach(async () => {
  await control.close();
  await rm(folder, { recursive: true });
});

const firstKey = (id: string): string => sources.get(id).keys[0]?.write_key ?? 'none';

describe('sources', () => {
  test('a new source has one write key, defaults, and is found by it at once and after a restart', async () => {
    const shop = await sources.create({ name: '  Shop web ', type: 'browser' });
    expect(shop).toMatchObject({
      name: 'Shop web',
      enabled: true,
      created_at: '2026-11-22T10:00:00.000Z',
      settings: {
        sampling_rate: 1,
        unknown_events: 'allow',
        on_violation: null,
        ip: 'truncate',
        tracking_plan: null,
      },
    });
    expect(shop.keys).toHaveLength(1);
    expect(firstKey(shop.id)).toMatch(/^wk_[\w-]{20}$/);
    expect(sources.byWriteKey(firstKey(shop.id), clock.now_ms())?.id).toBe(shop.id);

    const restarted = createSourceService({ control, clock });
    await restarted.load();
    expect(restarted.list()).toEqual(sources.list());
  });

  test('built-in sources are found by id, listed only when asked for, and cannot be changed', async () => {
    expect(sources.byId('plumbline')?.keys).toEqual([]);
    expect(sources.list()).toEqual([]);
    expect(sources.list({ include_system: true }).map((source) => source.id)).toEqual([
      'plumbline',
      'import',
    ]);
    await expect(sources.patch('plumbline', { enabled: false })).rejects.toMatchObject({ code: 'conflict' });
    await expect(sources.rotate('plumbline', 0)).rejects.toMatchObject({ code: 'conflict' });
  });

  test.each([
    ['', 'name'],
    ['   ', 'name'],
    ['x'.repeat(81), 'name'],
    ['two\nlines', 'name'],
  ])('refuses the name %j', async (name, field) => {
    await expect(sources.create({ name, type: 'server' })).rejects.toMatchObject({
      code: 'invalid_input',
      details: { field },
    });
    expect(sources.list()).toEqual([]);
  });

  test('names are unique whatever their case, also against each other at the same moment', async () => {
    const tries = await Promise.allSettled(
      ['Shop', 'shop', 'SHOP', 'Plumbline'].map((name) => sources.create({ name, type: 'server' })),
    );
    expect(tries.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected']);
    expect(sources.list().map((source) => source.name)).toEqual(['Shop']);
    const other = await sources.create({ name: 'Other', type: 'server' });
    await expect(sources.patch(other.id, { name: 'sHop' })).rejects.toMatchObject({
      code: 'conflict',
      details: { field: 'name' },
    });
    expect((await sources.patch(other.id, { name: 'OTHER' })).name).toBe('OTHER');
  });

  test('changes of different settings made at the same moment all stand', async () => {
    const { id } = await sources.create({ name: 'Shop', type: 'server' });
    await Promise.all([
      sources.patch(id, { settings: { sampling_rate: 0.5 } }),
      sources.patch(id, { settings: { ip: 'drop' } }),
      sources.patch(id, { enabled: false }),
    ]);
    expect(sources.get(id)).toMatchObject({ enabled: false, settings: { sampling_rate: 0.5, ip: 'drop' } });
    expect(sources.byWriteKey(firstKey(id), clock.now_ms())?.enabled).toBe(false);
  });

  test.each([
    [{ sampling_rate: 1.5 }, 'settings.sampling_rate'],
    [{ sampling_rate: Number.NaN }, 'settings.sampling_rate'],
    [{ events_per_s_max: 0 }, 'settings.events_per_s_max'],
    [{ unknown_events: 'quarantine' as const }, 'settings.unknown_events'],
    [{ unheard_of: 1 } as object, 'settings'],
  ])('refuses the settings %j and keeps the old ones', async (settings, field) => {
    const { id } = await sources.create({ name: 'Shop', type: 'server' });
    const before = sources.get(id);
    await expect(sources.patch(id, { settings })).rejects.toMatchObject({
      code: 'invalid_input',
      details: { field },
    });
    expect(sources.get(id)).toEqual(before);
  });

  test('a source that is not there is refused', async () => {
    await expect(sources.patch('src_none', { enabled: true })).rejects.toMatchObject({ code: 'not_found' });
    expect(sources.byWriteKey('wk_none', clock.now_ms())).toBeUndefined();
  });
});

describe('write keys', () => {
  test('rotation accepts both keys for the overlap and then only the new one', async () => {
    const { id } = await sources.create({ name: 'Shop', type: 'server' });
    const old = firstKey(id);
    clock.advance(HOUR_MS);
    const rotated = await sources.rotate(id, 24);
    expect(rotated.keys.map((key) => key.expires_at)).toEqual(['2026-11-23T11:00:00.000Z', null]);
    const fresh = rotated.keys[1]?.write_key ?? 'none';
    const end_ms = clock.now_ms() + 24 * HOUR_MS;
    expect(sources.byWriteKey(old, end_ms - 1)?.id).toBe(id);
    expect(sources.byWriteKey(old, end_ms)).toBeUndefined();
    expect(sources.byWriteKey(fresh, end_ms)?.id).toBe(id);
  });

  test('a second rotation with a longer overlap never lengthens the life of a key', async () => {
    const { id } = await sources.create({ name: 'Shop', type: 'server' });
    clock.advance(1);
    await sources.rotate(id, 1);
    clock.advance(1);
    const { keys } = await sources.rotate(id, 48);
    expect(keys.map((key) => key.expires_at)).toEqual([
      '2026-11-22T11:00:00.001Z',
      '2026-11-24T10:00:00.002Z',
      null,
    ]);
  });

  test('an overlap of 0 ends the old key now; a negative one is refused', async () => {
    const { id } = await sources.create({ name: 'Shop', type: 'server' });
    const old = firstKey(id);
    await sources.rotate(id, 0);
    expect(sources.byWriteKey(old, clock.now_ms())).toBeUndefined();
    await expect(sources.rotate(id, -1)).rejects.toMatchObject({ details: { field: 'overlap_hours' } });
  });

  test('a revoked key is refused at once, and revoking it again keeps the first date', async () => {
    const { id } = await sources.create({ name: 'Shop', type: 'server' });
    const [key] = sources.get(id).keys;
    const revoked = await sources.revoke(id, key?.id ?? '');
    expect(sources.byWriteKey(key?.write_key ?? '', clock.now_ms())).toBeUndefined();
    clock.advance(HOUR_MS);
    expect(await sources.revoke(id, key?.id ?? '')).toEqual(revoked);
    await expect(sources.revoke(id, 'key_none')).rejects.toMatchObject({
      code: 'not_found',
      details: { field: 'key_id' },
    });
  });
});

describe('operations', () => {
  const context: OperationContext = {
    actor: { id: 'u', name: 'Ada', kind: 'user', roles: ['admin'] },
    request_id: 'r',
  };
  const call = async (name: string, input: unknown, activity = new Map()) => {
    const operation = sourceOperations(sources, async () => activity).find((one) => one.name === name);
    if (operation === undefined) throw new Error(`no operation ${name}`);
    return operation.output.parse(await operation.handle(operation.input.parse(input), context));
  };

  test('create, list with activity, update, rotate and revoke', async () => {
    const { source } = (await call('sources.create', { name: 'Shop', type: 'browser' })) as {
      source: { id: string; keys: { id: string }[] };
    };
    const seen = new Map([[source.id, { events_24h: 7, last_event_at: '2026-11-22T09:00:00.000Z' }]]);
    expect(await call('sources.list', {}, seen)).toMatchObject({
      sources: [{ name: 'Shop', events_24h: 7 }],
    });
    expect(await call('sources.list', {})).toMatchObject({
      sources: [{ events_24h: 0, last_event_at: null }],
    });
    expect(await call('sources.get', { id: source.id }, seen)).toMatchObject({ source: { events_24h: 7 } });
    expect(await call('sources.update', { id: source.id, enabled: false })).toMatchObject({
      source: { enabled: false },
    });
    clock.advance(1);
    expect(await call('sources.rotate-key', { id: source.id, overlap_hours: 2 })).toMatchObject({
      source: { keys: [{}, {}] },
    });
    const revoked = await call('sources.revoke-key', { id: source.id, key_id: source.keys[0]?.id });
    expect(revoked).toMatchObject({
      source: { keys: [{ revoked_at: '2026-11-22T10:00:00.001Z' }, { revoked_at: null }] },
    });
  });
});
