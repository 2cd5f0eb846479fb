import { expect, test, vi } from 'vitest';
import type { SegmentCommands } from '../contract.ts';
import { watchedRefresh } from '../queries/watched-refresh.ts';
import { createWatches, partOf, type Watch } from './watch.ts';

const RESULT = { people: 1, entered: 0, exited: 0, seconds: 1, rows_read: 1, bytes_read: 1, left_out: [] };

/** A refresh that does what the test says, behind the commands that the other thread has. */
function refreshOf(work: (watch: Watch) => Promise<void>) {
  const watches = createWatches();
  const commands: SegmentCommands = {
    refresh: ({ watch }) => watches.run(watch, (watched) => work(watched).then(() => RESULT)),
    refreshProgress: async ({ watch }) => watches.progressOf(watch),
    cancelRefresh: async ({ watch }) => watches.cancel(watch),
    assign: async () => ({ people: 0, entered: 0, exited: 0 }),
    assignParted: async () => {},
  };
  const abort = new AbortController();
  const told: string[] = [];
  const handle = {
    signal: abort.signal,
    progress: (share: number, what: string) => void told.push(`${share} ${what}`),
  };
  return { abort, told, done: watchedRefresh(commands, ['a'], handle) };
}

const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

test('progress is asked for while it works, and a cancel reaches it', async () => {
  vi.useFakeTimers();
  const { abort, told, done } = refreshOf((watch) => {
    partOf(watch, 1, 2).progress(0.5, 'scanning');
    return untilAborted(watch.signal);
  });
  const refused = expect(done).rejects.toMatchObject({
    code: 'conflict',
    details: { message: expect.stringContaining('cancelled') },
  });
  await vi.advanceTimersByTimeAsync(1_100);
  expect(told).toEqual(['0.75 scanning', '0.75 scanning', '0.75 scanning']);
  abort.abort();
  await refused;
  await vi.advanceTimersByTimeAsync(2_000);
  expect(told.length).toBe(3);
  vi.useRealTimers();
});

test('one that was cancelled before it began does not begin; one that writes already ends well', async () => {
  const waiting = refreshOf((watch) => Promise.resolve().then(() => watch.signal.throwIfAborted()));
  waiting.abort.abort();
  await expect(waiting.done).rejects.toMatchObject({ code: 'conflict' });
  const writing = refreshOf(() => Promise.resolve());
  writing.abort.abort();
  expect(await writing.done).toEqual(RESULT);
});
