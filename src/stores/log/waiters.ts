import type { Position } from './port.ts';

/** Those who wait for the end of the log to pass a position. */
export function createWaiters(): {
  wait(position: Position, signal: AbortSignal): Promise<void>;
  passed(end: Position): void;
  all(): void;
} {
  const waiting = new Set<{ readonly position: Position; readonly wake: () => void }>();
  return {
    wait: (position, signal) =>
      new Promise<void>((resolve) => {
        if (signal.aborted) return resolve();
        const wake = (): void => {
          waiting.delete(waiter);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        const waiter = { position, wake };
        waiting.add(waiter);
        signal.addEventListener('abort', wake, { once: true });
      }),
    passed: (end) => {
      for (const waiter of [...waiting]) if (end > waiter.position) waiter.wake();
    },
    all: () => {
      for (const waiter of [...waiting]) waiter.wake();
    },
  };
}
