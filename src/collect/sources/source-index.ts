import { IMPORT_SOURCE_ID } from '../contract.ts';
import type { Source, SourceDirectory } from './source.ts';
import { DEFAULT_SETTINGS } from './source-input.ts';

/** The product's own events, such as `Violation Generated`, come from this source. It has no keys. */
export const SYSTEM_SOURCE_ID = 'plumbline';

const builtIn = (id: string, name: string, type: Source['type']): Source => ({
  id,
  name,
  type,
  enabled: true,
  created_at: '1970-01-01T00:00:00.000Z',
  settings: DEFAULT_SETTINGS,
  keys: [],
});

export const BUILT_IN_SOURCES: readonly Source[] = [
  builtIn(SYSTEM_SOURCE_ID, 'Plumbline', 'server'),
  builtIn(IMPORT_SOURCE_ID, 'Imports', 'import'),
];

export interface SourceIndex extends SourceDirectory {
  list(include_system: boolean): readonly Source[];
}

/** An immutable view for the hot path: one map look-up for a key, one for an id. */
export function createSourceIndex(sources: readonly Source[]): SourceIndex {
  const all = [...BUILT_IN_SOURCES, ...sources];
  const ids = new Map(all.map((source) => [source.id, source]));
  const keys = new Map<string, { source: Source; until_ms: number }>();
  for (const source of sources) {
    for (const key of source.keys) {
      if (key.revoked_at !== null) continue;
      const until_ms = key.expires_at === null ? Number.POSITIVE_INFINITY : Date.parse(key.expires_at);
      keys.set(key.write_key, { source, until_ms });
    }
  }
  return {
    byId: (id) => ids.get(id),
    byWriteKey: (write_key, now_ms) => {
      const entry = keys.get(write_key);
      return entry !== undefined && now_ms < entry.until_ms ? entry.source : undefined;
    },
    list: (include_system) => (include_system ? all : sources),
  };
}
