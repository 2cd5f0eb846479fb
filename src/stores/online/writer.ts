import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

export interface Writer {
  /** On disk when resolved; nothing of it stays when it rejects. One at a time. */
  write(batch: Uint8Array<ArrayBuffer>): Promise<void>;
  close(): Promise<void>;
}

/**
 * Writes from a thread of its own, in synchronous transactions: those of lmdb's own writer thread damage the
 * process's memory when the disk is full, and on the main thread each would hold up everybody for an fsync.
 */
export function startWriter(folder: string): Writer {
  const worker = new Worker(new URL('./writer.thread.ts', import.meta.url), { workerData: folder });
  let settle: ((error: Error | undefined) => void) | undefined;
  let dead: Error | undefined;
  const end = (error: Error): void => {
    dead ??= error;
    settle?.(dead);
  };
  worker.on('message', (refusal: string) => settle?.(refusal === '' ? undefined : new Error(refusal)));
  worker.on('error', end);
  worker.on('exit', () => end(new Error('the writer of the online store has ended')));

  return {
    write: (batch) =>
      new Promise((resolve, reject) => {
        if (dead !== undefined) return reject(dead);
        settle = (error) => {
          settle = undefined;
          if (error === undefined) resolve();
          else reject(error);
        };
        worker.postMessage(batch, [batch.buffer]);
      }),
    close: async () => {
      if (dead !== undefined) return;
      const ended = once(worker, 'exit');
      worker.postMessage(null);
      await ended;
    },
  };
}
