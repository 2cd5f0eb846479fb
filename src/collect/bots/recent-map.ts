/**
 * A cache of bounded size in two generations: when the young one is full it becomes the old one, and what is asked
 * for again moves back. Cheaper than a list of uses, and as good for verdicts.
 */
export interface RecentMap<V> {
  get(key: string): V | undefined;
  set(key: string, value: V): void;
}

/** Holds at least the `size` keys used last, and at most twice as many. */
export function createRecentMap<V>(size: number): RecentMap<V> {
  let young = new Map<string, V>();
  let old = new Map<string, V>();
  const set = (key: string, value: V): void => {
    young.set(key, value);
    if (young.size >= size) {
      old = young;
      young = new Map();
    }
  };
  return {
    get: (key) => {
      const found = young.get(key);
      if (found !== undefined) return found;
      const before = old.get(key);
      if (before !== undefined) set(key, before);
      return before;
    },
    set,
  };
}
