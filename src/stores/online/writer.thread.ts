import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../../kernel/errors.ts';
import { openLmdbTables } from './lmdb-tables.ts';
import { applyWriteBatch } from './write-batch.ts';

/**
 * The thread that writes the online store of the folder in `workerData`. It takes one batch of bytes after the other
 * and answers each with '' once it is on disk, or with what refused it. `null` ends it.
 */
const port = parentPort;
assert(port !== null && typeof workerData === 'string', 'runs as a thread, with the folder as its data');
const tables = openLmdbTables(workerData);

port.on('message', (batch: Uint8Array<ArrayBuffer> | null) => {
  if (batch === null) {
    void tables.close().then(() => port.close());
    return;
  }
  try {
    tables.write(() => applyWriteBatch(batch, tables));
    port.postMessage('');
  } catch (error) {
    port.postMessage(error instanceof Error ? error.message : String(error));
  }
});
