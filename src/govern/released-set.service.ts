import type { Logger } from '../kernel/logger.ts';
import type { ControlDb } from '../stores/control/port.ts';
import type { Definitions, ReleasedDefinition } from './contract.ts';
import { currentRelease, type ItemRow, itemsOf } from './definitions.sql.ts';

/** The current release, in memory. */
export interface ReleasedSet extends Definitions {
  /** Reads the current release again and, where it is another one than before, tells the listeners. */
  load(): Promise<void>;
}

export function createReleasedSet({ control, logger }: { control: ControlDb; logger: Logger }): ReleasedSet {
  let release = 0;
  let byKind: ReadonlyMap<string, readonly ReleasedDefinition[]> = new Map();
  const listeners: (() => void)[] = [];

  const tell = (listener: () => void): void => {
    try {
      listener();
    } catch (error) {
      // One listener's bug must not keep the others on the old release.
      logger.error(
        { error: error instanceof Error ? error.message : String(error) },
        'a release listener failed',
      );
    }
  };

  return {
    current: (kind) => byKind.get(kind) ?? [],
    release: () => release,
    onRelease: (listener) => {
      listeners.push(listener);
    },
    load: async () => {
      const id = (await control.one<{ id: number }>(currentRelease()))?.id ?? 0;
      // A release never changes, and two loads at once must not go back in time.
      if (id <= release) return;
      const items = await control.all<ItemRow>(itemsOf(id));
      if (id <= release) return;
      release = id;
      byKind = Map.groupBy(items.map(parsed), (d) => d.kind);
      for (const listener of listeners) tell(listener);
    },
  };
}

export const parsed = (item: ItemRow): ReleasedDefinition => ({
  kind: item.kind,
  name: item.name,
  version: item.version,
  body: JSON.parse(item.body),
});
