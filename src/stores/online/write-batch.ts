/**
 * Puts and removals as bytes, to hand them to the writer's thread without a copy. Each is a header of 8 bytes (table,
 * kind, length of the key as u16, length of the value as u32; little endian), the key, the value.
 */
import type { Bytes, LmdbTables } from './lmdb-tables.ts';

const HEADER_BYTES = 8;
const FIRST_BYTES = 65_536;
const TABLES = ['entries', 'expiries'] as const;
const REMOVE = 0;
const PUT = 1;

export interface WriteBatch {
  put(table: (typeof TABLES)[number], key: Buffer, value: Buffer): void;
  /** Puts `json` behind 8 bytes of `expires_at_ms`, as `entry-bytes.ts` reads it, without an allocation in between. */
  putEntry(key: Buffer, json: string, expires_at_ms: number): void;
  remove(table: (typeof TABLES)[number], key: Buffer): void;
  /** The bytes so far; the batch is not used afterwards. */
  finish(): Uint8Array<ArrayBuffer>;
}

export function createWriteBatch(): WriteBatch {
  let bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  let used = 0;
  const reserve = (more: number): void => {
    if (used + more <= bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(bytes.length * 2, used + more));
    bytes.copy(larger, 0, 0, used);
    bytes = larger;
  };
  const header = (table: number, kind: number, key: Buffer, value_bytes: number): void => {
    bytes[used] = table;
    bytes[used + 1] = kind;
    bytes.writeUInt16LE(key.length, used + 2);
    bytes.writeUInt32LE(value_bytes, used + 4);
    key.copy(bytes, used + HEADER_BYTES);
    used += HEADER_BYTES + key.length + value_bytes;
  };
  return {
    put: (table, key, value) => {
      reserve(HEADER_BYTES + key.length + value.length);
      value.copy(bytes, used + HEADER_BYTES + key.length);
      header(TABLES.indexOf(table), PUT, key, value.length);
    },
    putEntry: (key, json, expires_at_ms) => {
      // A unit of UTF-16 takes three bytes of UTF-8 at the most.
      reserve(HEADER_BYTES + key.length + 8 + json.length * 3);
      const at = used + HEADER_BYTES + key.length;
      bytes.writeDoubleLE(expires_at_ms, at);
      header(0, PUT, key, 8 + bytes.write(json, at + 8, 'utf8'));
    },
    remove: (table, key) => {
      reserve(HEADER_BYTES + key.length);
      header(TABLES.indexOf(table), REMOVE, key, 0);
    },
    finish: () => new Uint8Array(bytes.buffer as ArrayBuffer, 0, used),
  };
}

/** Applies a batch, in its order. Call inside a write transaction. */
export function applyWriteBatch(batch: Uint8Array<ArrayBuffer>, tables: LmdbTables): void {
  const bytes = Buffer.from(batch.buffer, batch.byteOffset, batch.byteLength);
  for (let at = 0; at < bytes.length; ) {
    const table: Bytes = bytes[at] === 0 ? tables.entries : tables.expiries;
    const key_at = at + HEADER_BYTES;
    const value_at = key_at + bytes.readUInt16LE(at + 2);
    const next = value_at + bytes.readUInt32LE(at + 4);
    const key = bytes.subarray(key_at, value_at);
    if (bytes[at + 1] === PUT) table.putSync(key, bytes.subarray(value_at, next));
    else table.removeSync(key);
    at = next;
  }
}
