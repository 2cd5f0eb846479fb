/**
 * State that decisions and the pipeline need within microseconds: small JSON values by key.
 *
 * Keys are at most 1,024 bytes of UTF-8 and sort by their bytes. Values are JSON. Reads see every commit that was
 * resolved before they began. There is one writer process; writers inside it are serialised by the store.
 */
export interface OnlineStore {
  get<T>(key: string): Promise<T | undefined>;
  /** In the order of `keys`; all read from one snapshot. */
  getMany<T>(keys: readonly string[]): Promise<(T | undefined)[]>;
  /**
   * All of it or nothing, durable (fsync) when resolved, in the order of the calls. Inside one commit: puts, then
   * additions, then removals. An addition to a missing key starts from 0 and keeps its expiry. Values are read until
   * the commit is done: do not change them meanwhile.
   */
  commit(changes: Changes): Promise<void>;
  /** Entries whose key starts with `prefix`, in key order, after `after` (exclusive), at most `limit`; expired ones left out. */
  scan<T>(prefix: string, options: ScanOptions): Promise<Entry<T>[]>;
  /** Removes expired entries, at most `limit`; returns how many went. Until then they are only invisible. */
  sweep(limit: number): Promise<number>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface Changes {
  readonly put?: readonly Put[];
  /** Atomic counters: adds to the number stored at the key. */
  readonly add?: readonly { readonly key: string; readonly by: number }[];
  readonly remove?: readonly string[];
}

export interface Put {
  readonly key: string;
  readonly value: unknown;
  /** Milliseconds since 1970 UTC, by the store's clock; from then on the entry is gone. */
  readonly expires_at_ms?: number;
}

export interface Entry<T> {
  readonly key: string;
  readonly value: T;
}

export interface ScanOptions {
  readonly limit: number;
  readonly after?: string;
}
