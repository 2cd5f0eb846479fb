import { type Clock, HOUR_MS } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import type { ControlDb, ControlReader } from '../../stores/control/port.ts';
import type { Source, SourceDirectory, SourceSettings, SourceType, WriteKey } from './source.ts';
import { BUILT_IN_SOURCES, createSourceIndex } from './source-index.ts';
import {
  DEFAULT_SETTINGS,
  nameSchema,
  overlapSchema,
  type SettingsPatch,
  settingsSchema,
} from './source-input.ts';
import {
  allSources,
  allWriteKeys,
  expireWriteKeys,
  insertSource,
  insertWriteKey,
  revokeWriteKey,
  type SourceRecord,
  sourceNamed,
  updateSource,
  type WriteKeyRecord,
} from './sources.sql.ts';

export interface SourceService extends SourceDirectory {
  /** Reads the sources into memory. Call once before the first request; changes do it themselves. */
  load(): Promise<void>;
  /** In order of creation; the built-in source only when asked for. */
  list(options?: { readonly include_system?: boolean }): readonly Source[];
  /** Refuses with `not_found`. */
  get(id: string): Source;
  /** With a first write key. Refuses a bad field with `invalid_input`, a taken name with `conflict`. */
  create(input: NewSource): Promise<Source>;
  patch(id: string, change: SourcePatch): Promise<Source>;
  /** Adds a write key; the others are accepted for `overlap_hours` more, 0 ends them now. */
  rotate(id: string, overlap_hours: number): Promise<Source>;
  /** Refuses a key from now on. A second revocation changes nothing. */
  revoke(id: string, key_id: string): Promise<Source>;
}

export interface NewSource {
  readonly name: string;
  readonly type: SourceType;
  readonly settings?: SettingsPatch | undefined;
}

export interface SourcePatch {
  readonly name?: string | undefined;
  readonly enabled?: boolean | undefined;
  readonly settings?: SettingsPatch | undefined;
}

export function createSourceService(deps: {
  readonly control: ControlDb;
  readonly clock: Clock;
}): SourceService {
  const { control, clock } = deps;
  let index = createSourceIndex([]);
  let queue: Promise<unknown> = Promise.resolve();
  const now = () => new Date(clock.now_ms()).toISOString();

  const load = async () => {
    index = createSourceIndex(await readSources(control));
  };
  /** One change after the other, each in memory before the next starts: an older read never replaces a newer one. */
  const change = <T>(work: () => Promise<T>): Promise<T> => {
    const result = queue.then(async () => {
      const value = await work();
      await load();
      return value;
    });
    queue = result.catch(() => undefined);
    return result;
  };
  const get = (id: string): Source => {
    const source = index.byId(id);
    if (source === undefined)
      throw new AppError('not_found', { message: `There is no source ${id}.`, field: 'id' });
    return source;
  };
  const editable = (id: string): Source => {
    if (BUILT_IN_SOURCES.some((source) => source.id === id)) {
      throw new AppError('conflict', { message: 'A built-in source cannot be changed.', field: 'id' });
    }
    return get(id);
  };

  return {
    load,
    get,
    byId: (id) => index.byId(id),
    byWriteKey: (write_key, now_ms) => index.byWriteKey(write_key, now_ms),
    list: (options) => index.list(options?.include_system ?? false),
    create: async (input) => {
      const source: Source = {
        id: newId('src'),
        name: parseName(input.name),
        type: input.type,
        enabled: true,
        created_at: now(),
        settings: mergeSettings(DEFAULT_SETTINGS, input.settings),
        keys: [],
      };
      await change(() =>
        control.transaction(async (tx) => {
          await refuseTakenName(tx, source);
          await tx.run(insertSource(source));
          await tx.run(insertWriteKey(source.id, newKey(source.created_at)));
        }),
      );
      return get(source.id);
    },
    patch: async (id, input) => {
      editable(id);
      await change(() =>
        control.transaction(async (tx) => {
          const before = editable(id);
          const after: Source = {
            ...before,
            name: input.name === undefined ? before.name : parseName(input.name),
            enabled: input.enabled ?? before.enabled,
            settings: mergeSettings(before.settings, input.settings),
          };
          await refuseTakenName(tx, after);
          await tx.run(updateSource(after));
        }),
      );
      return get(id);
    },
    rotate: async (id, overlap_hours) => {
      editable(id);
      const overlap = overlapSchema.safeParse(overlap_hours);
      if (!overlap.success) throw invalid('overlap_hours', overlap.error.issues[0]?.message);
      const expires_at = new Date(clock.now_ms() + overlap.data * HOUR_MS).toISOString();
      await change(() =>
        control.transaction(async (tx) => {
          await tx.run(expireWriteKeys(id, expires_at));
          await tx.run(insertWriteKey(id, newKey(now())));
        }),
      );
      return get(id);
    },
    revoke: async (id, key_id) => {
      if (!editable(id).keys.some((key) => key.id === key_id)) {
        throw new AppError('not_found', { message: `This source has no key ${key_id}.`, field: 'key_id' });
      }
      await change(() => control.run(revokeWriteKey(id, key_id, now())));
      return get(id);
    },
  };
}

async function readSources(control: ControlDb): Promise<Source[]> {
  const { sources, keys } = await control.transaction(async (tx) => ({
    sources: await tx.all<SourceRecord>(allSources()),
    keys: await tx.all<WriteKeyRecord>(allWriteKeys()),
  }));
  const keysOf = Map.groupBy(keys, (key) => key.source_id);
  return sources.map((row) => ({
    id: row.id,
    name: row.name,
    type: row.type,
    enabled: row.enabled === 1,
    created_at: row.created_at,
    // A setting added by a later version of the program takes its default.
    settings: { ...DEFAULT_SETTINGS, ...(JSON.parse(row.settings) as SourceSettings) },
    keys: (keysOf.get(row.id) ?? []).map(({ source_id: _, ...key }) => key),
  }));
}

/** 120 random bits, URL-safe, without `:` because it stands as the user name of Basic authentication. */
const newKey = (created_at: string): WriteKey => ({
  id: newId('key'),
  write_key: newId('wk'),
  created_at,
  expires_at: null,
  revoked_at: null,
});

function parseName(name: string): string {
  const parsed = nameSchema.safeParse(name);
  if (!parsed.success) throw invalid('name', parsed.error.issues[0]?.message);
  return parsed.data;
}

function mergeSettings(before: SourceSettings, change: SettingsPatch | undefined): SourceSettings {
  const given = Object.fromEntries(Object.entries(change ?? {}).filter(([, value]) => value !== undefined));
  const parsed = settingsSchema.safeParse({ ...before, ...given });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw invalid(['settings', ...(issue?.path ?? [])].join('.'), issue?.message);
  }
  if (parsed.data.unknown_events === 'quarantine' && parsed.data.tracking_plan === null) {
    throw invalid(
      'settings.unknown_events',
      'Quarantining unknown events needs a tracking plan that says which are known: set settings.tracking_plan too.',
    );
  }
  return parsed.data;
}

async function refuseTakenName(tx: ControlReader, source: Source): Promise<void> {
  const taken = await tx.one<{ id: string }>(sourceNamed(source.name));
  const builtIn = BUILT_IN_SOURCES.some(({ name }) => name.toLowerCase() === source.name.toLowerCase());
  if (!builtIn && (taken === undefined || taken.id === source.id)) return;
  throw new AppError('conflict', {
    message: `A source named “${source.name}” exists already: choose another name.`,
    field: 'name',
    rule: 'unique',
  });
}

const invalid = (field: string, message: string | undefined): AppError =>
  new AppError('invalid_input', { message: message ?? 'This value is not accepted.', field });
