/** One holder at a time, in the order of asking. The stream and the repair write the same state and take turns. */
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
