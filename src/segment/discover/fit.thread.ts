import { parentPort } from 'node:worker_threads';
import { assert } from '../../kernel/errors.ts';
import { type FitResult, fitSegmentation } from './fit.ts';
import { type DensityModel, placeByDensity, type Row } from './model.ts';
import type { FittedSegmentation } from './segmentation.ts';

/** What the thread is asked, one after the other. */
export type FitRequest =
  | { readonly ask: 'fit'; readonly rows: readonly Row[]; readonly body: FittedSegmentation }
  | { readonly ask: 'place'; readonly rows: readonly Row[]; readonly model: DensityModel };

/** Progress, any number of times, then one end. */
export type FitAnswer =
  | { readonly is: 'progress'; readonly share: number; readonly what: string }
  | { readonly is: 'fitted'; readonly result: FitResult }
  | { readonly is: 'placed'; readonly clusters: Int32Array }
  | { readonly is: 'failed'; readonly message: string };

/** The thread that clusters: minutes of arithmetic that nobody should wait behind. Ended from outside. */
const port = parentPort;
assert(port !== null, 'runs as a thread');
const answer = (said: FitAnswer) => port.postMessage(said);

port.on('message', (request: FitRequest) => {
  try {
    if (request.ask === 'place')
      answer({ is: 'placed', clusters: placeByDensity(request.rows, request.model) });
    else {
      const progress = (share: number, what: string) => answer({ is: 'progress', share, what });
      answer({ is: 'fitted', result: fitSegmentation(request.rows, request.body, progress) });
    }
  } catch (error) {
    answer({ is: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
});
