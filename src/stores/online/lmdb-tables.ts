import { type Database, open } from 'lmdb';

/** Keys and values are bytes; what they mean is the caller's. */
export type Bytes = Database<Buffer, Buffer>;

export interface LmdbTables {
  /** By key: expiry and JSON, see `entry-bytes.ts`. */
  readonly entries: Bytes;
  /** By minute and key: where the sweep looks, see `expiry-index.ts`. */
  readonly expiries: Bytes;
  /** All or nothing, on disk (fsync) when it returns. Throws, and nothing is written, when the disk refuses. */
  write(work: () => void): void;
  close(): Promise<void>;
}

/** Opens the environment in `folder`. Several threads of one process may: they share it. It grows with its content. */
export function openLmdbTables(folder: string): LmdbTables {
  const bytes = { encoding: 'binary', keyEncoding: 'binary' } as const;
  // overlappingSync would let a commit return before its fsync.
  const root = open({ path: folder, noSubdir: false, maxDbs: 2, overlappingSync: false, ...bytes });
  return {
    entries: root.openDB<Buffer, Buffer>('entries', bytes),
    expiries: root.openDB<Buffer, Buffer>('expiries', bytes),
    write: (work) => root.transactionSync(work),
    close: () => root.close(),
  };
}
