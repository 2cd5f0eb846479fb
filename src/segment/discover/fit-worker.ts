import { Worker } from 'node:worker_threads';
import { MINUTE_MS } from '../../kernel/clock.ts';
import type { FitAnswer, FitRequest } from './fit.thread.ts';
import type { FitResult } from './fit.ts';
import type { DensityModel, Row } from './model.ts';
import type { FittedSegmentation } from './segmentation.ts';

export interface FitWorker {
  fit(
    rows: readonly Row[],
    body: FittedSegmentation,
    progress: (share: number, what: string) => void,
  ): Promise<FitResult>;
  place(rows: readonly Row[], model: DensityModel): Promise<Int32Array>;
  close(): Promise<void>;
}

/** Longer than any sample within the limits takes on one busy core. */
const LIMIT_MS = 30 * MINUTE_MS;

/** A thread for one run. One request at a time. `cancel` or the limit ends the thread, and what it was asked rejects. */
export function startFitWorker(cancel: AbortSignal): FitWorker {
  const signal = AbortSignal.any([cancel, AbortSignal.timeout(LIMIT_MS)]);
  const worker = new Worker(new URL('./fit.thread.ts', import.meta.url));
  let settle:
    | {
        progress: (share: number, what: string) => void;
        done: (said: FitAnswer) => void;
        fail: (error: Error) => void;
      }
    | undefined;
  let ended: Error | undefined;
  const end = (error: Error): void => {
    ended ??= error;
    settle?.fail(ended);
    settle = undefined;
  };
  worker.on('message', (said: FitAnswer) => {
    if (said.is === 'progress') return settle?.progress(said.share, said.what);
    const waiting = settle;
    settle = undefined;
    if (said.is === 'failed') waiting?.fail(new Error(said.message));
    else waiting?.done(said);
  });
  worker.on('error', end);
  worker.on('exit', () => end(new Error('the thread that clusters has ended')));
  const stop = (): void => {
    end(
      new Error(
        cancel.aborted
          ? 'the run was cancelled'
          : `clustering took longer than ${LIMIT_MS / MINUTE_MS} minutes; make the sample smaller`,
      ),
    );
    void worker.terminate();
  };
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();

  const ask = (
    request: FitRequest,
    progress: (share: number, what: string) => void = () => {},
  ): Promise<FitAnswer> =>
    new Promise((done, fail) => {
      if (ended !== undefined) return fail(ended);
      settle = { progress, done, fail };
      worker.postMessage(request);
    });
  return {
    async fit(rows, body, progress) {
      const said = await ask({ ask: 'fit', rows, body }, progress);
      if (said.is !== 'fitted') throw new Error(`asked to fit, answered ${said.is}`);
      return said.result;
    },
    async place(rows, model) {
      const said = await ask({ ask: 'place', rows, model });
      if (said.is !== 'placed') throw new Error(`asked to place, answered ${said.is}`);
      return said.clusters;
    },
    async close() {
      signal.removeEventListener('abort', stop);
      await worker.terminate();
    },
  };
}
