import { AppError } from '../../kernel/errors.ts';

/** Who asked for long work is told how far it is, and may stop it until it writes. */
export interface Watch {
  readonly signal: AbortSignal;
  /** `share` of the work that is done, 0 to 1. */
  progress(share: number, doing: string): void;
}

export const UNWATCHED: Watch = { signal: new AbortController().signal, progress: () => {} };

/** One of `of` equal parts, as seen from the whole. */
export const partOf = (watch: Watch, nth: number, of: number): Watch => ({
  signal: watch.signal,
  progress: (share, doing) => watch.progress((nth + share) / of, doing),
});

export interface Watches {
  /** `id` is chosen by who asks; without one nobody watches. */
  run<T>(id: string | undefined, work: (watch: Watch) => Promise<T>): Promise<T>;
  /** Null when no such work goes on. */
  progressOf(id: string): { readonly share: number; readonly doing: string } | null;
  cancel(id: string): void;
}

/** Watched from another thread: only plain data crosses, so progress is asked for. */
export function createWatches(): Watches {
  const going = new Map<string, { share: number; doing: string; readonly abort: AbortController }>();
  return {
    async run(id, work) {
      if (id === undefined) return work(UNWATCHED);
      const one = { share: 0, doing: 'waiting for other work on segments', abort: new AbortController() };
      going.set(id, one);
      try {
        return await work({
          signal: one.abort.signal,
          progress: (share, doing) => void Object.assign(one, { share, doing }),
        });
      } finally {
        going.delete(id);
      }
    },
    progressOf(id) {
      const one = going.get(id);
      return one === undefined ? null : { share: one.share, doing: one.doing };
    },
    cancel: (id) =>
      going.get(id)?.abort.abort(
        new AppError('conflict', {
          message: 'It was cancelled. Segments that were not written yet stay as they were.',
        }),
      ),
  };
}
