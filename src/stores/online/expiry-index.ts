/**
 * Keys of the index that tells the sweep which entries may have expired: the minute of the expiry (8 bytes, big
 * endian), then the entry's key. A key that is written again with an expiry in the same minute keeps its one index
 * entry; index entries of an expiry that has been moved are found stale, and dropped, by the sweep.
 */
const BUCKET_MS = 60_000;
const BUCKET_BYTES = 8;

export function expiryIndexKey(key: Buffer, expires_at_ms: number): Buffer {
  const bytes = Buffer.allocUnsafe(BUCKET_BYTES + key.length);
  bytes.writeBigUInt64BE(BigInt(bucketOf(expires_at_ms)), 0);
  key.copy(bytes, BUCKET_BYTES);
  return bytes;
}

/** The entry's key inside an index key. */
export const indexedKey = (index_key: Buffer): Buffer => index_key.subarray(BUCKET_BYTES);

/** Index keys below this may belong to entries that have expired by `now_ms`. */
export const expiryIndexEnd = (now_ms: number): Buffer => expiryIndexKey(Buffer.alloc(0), now_ms + BUCKET_MS);

/** True when an entry with this expiry is found by this index key. */
export const inBucketOf = (index_key: Buffer, expires_at_ms: number): boolean =>
  expires_at_ms !== 0 && Number(index_key.readBigUInt64BE(0)) === bucketOf(expires_at_ms);

export const sameBucket = (a_ms: number, b_ms: number): boolean => bucketOf(a_ms) === bucketOf(b_ms);

const bucketOf = (ms: number): number => Math.max(0, Math.floor(ms / BUCKET_MS));
