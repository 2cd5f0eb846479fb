/**
 * Lends sessions, each to one user at a time (a session runs one statement after the other anyway); who comes when
 * all are lent waits in a queue.
 */
export interface SessionPool<S> {
  use<T>(work: (session: S) => Promise<T>): Promise<T>;
  /** Resolves when nothing is lent and nobody waits. */
  idle(): Promise<void>;
  busy(): number;
}

export function createSessionPool<S>(sessions: readonly S[]): SessionPool<S> {
  const free = [...sessions];
  const waiting: ((session: S) => void)[] = [];
  const onIdle: (() => void)[] = [];

  const take = (): Promise<S> => {
    const session = free.pop();
    return session === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(session);
  };
  const give = (session: S): void => {
    const next = waiting.shift();
    if (next !== undefined) {
      next(session);
      return;
    }
    free.push(session);
    if (free.length === sessions.length) for (const resolve of onIdle.splice(0)) resolve();
  };

  return {
    use: async (work) => {
      const session = await take();
      try {
        return await work(session);
      } finally {
        give(session);
      }
    },
    idle: () =>
      free.length === sessions.length ? Promise.resolve() : new Promise((resolve) => onIdle.push(resolve)),
    busy: () => sessions.length - free.length + waiting.length,
  };
}
