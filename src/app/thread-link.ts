/** Calls between two threads, both ways, over one message port: plain data in, plain data or a refusal out. */
import { AppError, type ErrorCode, type ErrorDetails } from '../kernel/errors.ts';

/** What `worker_threads` gives on both sides: a Worker, or the parent's port. */
export interface LinkPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
}

/** Methods that the other side may call, by target and name. */
export type Targets = Readonly<Record<string, Readonly<Record<string, (...args: never[]) => unknown>>>>;

export interface Link {
  /** Rejects as the method did: an AppError stays one. */
  call<T>(target: string, method: string, ...args: readonly unknown[]): Promise<T>;
  /** The other side is gone: every call that waits, and every later one, rejects. */
  end(error: Error): void;
}

interface Call {
  readonly is: 'call';
  readonly id: number;
  readonly target: string;
  readonly method: string;
  readonly args: never[];
}

type Answer =
  | { readonly is: 'value'; readonly id: number; readonly value: unknown }
  | { readonly is: 'refused'; readonly id: number; readonly code: ErrorCode; readonly details: ErrorDetails }
  | { readonly is: 'failed'; readonly id: number; readonly message: string };

export function createLink(port: LinkPort, targets: Targets): Link {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let calls = 0;
  let gone: Error | undefined;

  async function answer({ id, target, method, args }: Call): Promise<Answer> {
    try {
      const run = targets[target]?.[method];
      if (run === undefined) throw new Error(`no ${target}.${method} on this thread`);
      return { is: 'value', id, value: await run(...args) };
    } catch (error) {
      if (error instanceof AppError) return { is: 'refused', id, code: error.code, details: error.details };
      return { is: 'failed', id, message: error instanceof Error ? error.message : String(error) };
    }
  }

  function settle(reply: Answer): void {
    const caller = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (reply.is === 'value') caller?.resolve(reply.value);
    else if (reply.is === 'refused') caller?.reject(new AppError(reply.code, reply.details));
    else caller?.reject(new Error(reply.message));
  }

  port.on('message', (message) => {
    const received = message as Call | Answer;
    if (received.is === 'call') void answer(received).then((reply) => port.postMessage(reply));
    else settle(received);
  });

  return {
    call: <T>(target: string, method: string, ...args: readonly unknown[]) =>
      new Promise<T>((resolve, reject) => {
        if (gone !== undefined) return reject(gone);
        const id = ++calls;
        waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
        port.postMessage({ is: 'call', id, target, method, args });
      }),
    end(error) {
      gone ??= error;
      for (const { reject } of waiting.values()) reject(gone);
      waiting.clear();
    },
  };
}
