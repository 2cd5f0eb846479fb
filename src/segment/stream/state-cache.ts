/** Committed states in memory, the least recently used first out; the store is asked for the rest in one go. */
import type { OnlineStore } from '../../stores/online/port.ts';

export interface StateCache<T> {
  /** In the order of `ids`; undefined where there is none. */
  get(ids: readonly string[]): Promise<(T | undefined)[]>;
  put(id: string, value: T): void;
  forget(ids: Iterable<string>): void;
  clear(): void;
}

export function createStateCache<T>(
  online: OnlineStore,
  keyOf: (id: string) => string,
  most: number,
): StateCache<T> {
  const memory = new Map<string, T>();
  const remember = (id: string, value: T): void => {
    memory.delete(id);
    memory.set(id, value);
  };
  return {
    async get(ids) {
      const missing = ids.filter((id) => !memory.has(id));
      const found = missing.length === 0 ? [] : await online.getMany<T>(missing.map(keyOf));
      const loaded = new Map(missing.map((id, i) => [id, found[i]]));
      const values = ids.map((id) => memory.get(id) ?? loaded.get(id));
      ids.forEach((id, i) => {
        const value = values[i];
        if (value !== undefined) remember(id, value);
      });
      for (const id of memory.keys()) {
        if (memory.size <= most) break;
        memory.delete(id);
      }
      return values;
    },
    put: remember,
    forget(ids) {
      for (const id of ids) memory.delete(id);
    },
    clear: () => memory.clear(),
  };
}
