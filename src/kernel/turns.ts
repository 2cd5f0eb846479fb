/** One holder at a time, in the order of asking: the stream, and whoever else writes the same state, take turns. */
export interface Turns {
  /** Resolves when it is the caller's turn; call the result to pass it on. */
  take(): Promise<() => void>;
}

export function createTurns(): Turns {
  let tail: Promise<void> = Promise.resolve();
  return {
    take() {
      const { promise, resolve } = Promise.withResolvers<void>();
      const before = tail;
      tail = promise;
      return before.then(() => resolve);
    },
  };
}
