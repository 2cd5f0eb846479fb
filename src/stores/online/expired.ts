import { expiryOf, isExpired } from './entry-bytes.ts';
import { expiryIndexEnd, inBucketOf, indexedKey } from './expiry-index.ts';
import type { LmdbTables } from './lmdb-tables.ts';

/** What a sweep found: index keys to drop, and entries that go with them. */
export interface Expired {
  readonly index_keys: readonly Buffer[];
  readonly keys: readonly Buffer[];
}

/** Index entries looked at for each entry that may go: bounds a sweep over an index that is mostly stale. */
const LOOKS = 20;

/**
 * Finds at most `limit` expired entries, oldest first, and the index keys that no longer belong to an entry. Keys for
 * which `written` is true are being written in the same transaction and stay.
 */
export function findExpired(
  { entries, expiries }: LmdbTables,
  now_ms: number,
  limit: number,
  written: (key: string) => boolean,
): Expired {
  const index_keys: Buffer[] = [];
  const keys: Buffer[] = [];
  for (const raw of expiries.getKeys({ end: expiryIndexEnd(now_ms), limit: limit * LOOKS })) {
    if (keys.length >= limit) break;
    const index_key = Buffer.from(raw);
    const key = indexedKey(index_key);
    if (written(key.toString('utf8'))) continue;
    const bytes = entries.getBinaryFast(key);
    if (bytes === undefined || !inBucketOf(index_key, expiryOf(bytes))) index_keys.push(index_key);
    else if (isExpired(bytes, now_ms)) {
      index_keys.push(index_key);
      keys.push(key);
    }
  }
  return { index_keys, keys };
}
