import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import { lockFolder } from '../folder-lock.ts';
import { createGroupCommit } from '../group-commit.ts';
import { storeFault } from '../store-error.ts';
import { checkChanges, checkKey, countOf, createChangeSet, type Held } from './change-set.ts';
import { expiryOf, isExpired, jsonOf, parsedFrom } from './entry-bytes.ts';
import { findExpired } from './expired.ts';
import { expiryIndexKey, sameBucket } from './expiry-index.ts';
import { type LmdbTables, openLmdbTables } from './lmdb-tables.ts';
import type { Changes, Entry, OnlineStore } from './port.ts';
import { createWriteBatch, type WriteBatch } from './write-batch.ts';
import { startWriter } from './writer.ts';

/** Changes in one transaction. */
const MAX_CHANGES = 50_000;
/** Keys read before the event loop gets a turn. */
const READ_TURN = 1_000;
/** Entries written into a batch before the event loop gets a turn. */
const WRITE_TURN = 2_000;
const NO_BYTES = Buffer.alloc(0);

type Write = { readonly changes: Changes } | { readonly sweep: number };

/**
 * The online store on LMDB: `entries` holds expiry and JSON by key, `expiries` tells the sweep where to look. Reads
 * are on the caller's thread, writes on another. Commits that arrive while one is being written share the next
 * transaction, in the order of the calls.
 */
export function openLmdbOnlineStore(
  folder: string,
  deps: { readonly clock: Clock; readonly logger: Logger },
): OnlineStore {
  const lock = lockFolder(folder, 'store_unavailable');
  const tables = openLmdbTables(folder);
  const { entries } = tables;
  const writer = startWriter(folder);
  let closed = false;

  const stored = (key: string, now_ms: number): Held | undefined => {
    const bytes = entries.getBinaryFast(Buffer.from(key));
    if (bytes === undefined || isExpired(bytes, now_ms)) return undefined;
    return { json: jsonOf(bytes), expires_at_ms: expiryOf(bytes) };
  };

  /**
   * The sweeps of a group come after its changes, and leave alone what these write. A commit that cannot be applied
   * is left out, and its place in the answer holds the reason.
   */
  const commitGroup = async (writes: readonly Write[]): Promise<(number | Error)[]> => {
    const now_ms = deps.clock.now_ms();
    const set = createChangeSet((key) => stored(key, now_ms));
    const refusals = new Map<Write, Error>();
    let to_sweep = 0;
    for (const write of writes) {
      if ('sweep' in write) to_sweep = Math.max(to_sweep, write.sweep);
      else await set.apply(write.changes).catch((error: Error) => refusals.set(write, error));
    }
    const batch = createWriteBatch();
    const expired = findExpired(tables, now_ms, to_sweep, set.has);
    for (const key of expired.index_keys) batch.remove('expiries', key);
    for (const key of expired.keys) batch.remove('entries', key);
    await encode(set.outcomes(), batch, tables);
    try {
      await writer.write(batch.finish());
    } catch (error) {
      deps.logger.error(
        { store: 'online', error: error instanceof Error ? error.message : '' },
        'commit failed',
      );
      throw storeFault('store_unavailable', 'The online store could not commit to disk.', error);
    } finally {
      // The next read must see what the writer's thread has committed.
      entries.resetReadTxn();
    }
    return writes.map((write) => refusals.get(write) ?? expired.keys.length);
  };

  const committer = createGroupCommit<Write, number | Error>({
    commit: commitGroup,
    weight: (write) => ('sweep' in write ? write.sweep : countOf(write.changes)),
    max_weight: MAX_CHANGES,
  });

  /** How many entries the sweeps of the group removed. */
  const add = async (write: Write): Promise<number> => {
    const result = await committer.add(write);
    if (result instanceof Error) throw result;
    return result;
  };

  const refuseClosed = (): void => {
    if (closed) throw storeFault('store_unavailable', 'The online store is closed.');
  };

  const getMany = async <T>(keys: readonly string[]): Promise<(T | undefined)[]> => {
    refuseClosed();
    const now_ms = deps.clock.now_ms();
    const values: (T | undefined)[] = [];
    const transaction = entries.useReadTransaction();
    try {
      for (const key of keys) {
        checkKey(key);
        const bytes = entries.get(Buffer.from(key), { transaction });
        values.push(bytes === undefined || isExpired(bytes, now_ms) ? undefined : (parsedFrom(bytes) as T));
        if (values.length % READ_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      transaction.done();
    }
    return values;
  };

  return {
    get: async <T>(key: string) => {
      refuseClosed();
      checkKey(key);
      const bytes = entries.getBinaryFast(Buffer.from(key));
      return bytes === undefined || isExpired(bytes, deps.clock.now_ms())
        ? undefined
        : (parsedFrom(bytes) as T);
    },
    getMany,
    commit: async (changes) => {
      refuseClosed();
      checkChanges(changes);
      if (countOf(changes) > 0) await add({ changes });
    },
    scan: async <T>(prefix: string, { limit, after }: { limit: number; after?: string }) => {
      refuseClosed();
      const now_ms = deps.clock.now_ms();
      const found: Entry<T>[] = [];
      if (limit < 1) return found;
      for (const { key, value } of entries.getRange(rangeOf(prefix, after))) {
        if (isExpired(value, now_ms)) continue;
        found.push({ key: key.toString('utf8'), value: parsedFrom(value) as T });
        if (found.length === limit) break;
      }
      return found;
    },
    sweep: async (limit) => {
      refuseClosed();
      return limit < 1 ? 0 : add({ sweep: limit });
    },
    ping: async () => {
      refuseClosed();
      entries.doesExist(Buffer.of(0));
    },
    close: async () => {
      if (closed) return;
      closed = true;
      await committer.idle();
      await writer.close();
      await tables.close();
      lock.release();
    },
  };
}

/** Encoding is most of a commit's work on the main thread: others get their turn in between. */
async function encode(
  outcomes: Iterable<readonly [string, Held]>,
  batch: WriteBatch,
  { entries }: LmdbTables,
): Promise<void> {
  let done = 0;
  for (const [text, { json, expires_at_ms }] of outcomes) {
    const key = Buffer.from(text);
    if (json === undefined) batch.remove('entries', key);
    else batch.putEntry(key, json, expires_at_ms);
    if (json !== undefined && expires_at_ms !== 0) {
      const before = entries.getBinaryFast(key);
      if (before === undefined || !sameBucket(expiryOf(before), expires_at_ms))
        batch.put('expiries', expiryIndexKey(key, expires_at_ms), NO_BYTES);
    }
    if (++done % WRITE_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Keys with the prefix, after `after`. No byte of UTF-8 is 0xff: prefix and 0xff are past every key with the prefix. */
function rangeOf(prefix: string, after: string | undefined): { start: Buffer; end: Buffer } {
  const first = Buffer.from(prefix);
  const next = after === undefined ? first : Buffer.concat([Buffer.from(after), Buffer.of(0)]);
  const end = Buffer.concat([first, Buffer.of(0xff)]);
  return { start: Buffer.compare(first, next) > 0 ? first : next, end };
}
