import { assert } from '../../kernel/errors.ts';
import type { Logger } from '../../kernel/logger.ts';
import { lockFolder } from '../folder-lock.ts';
import { createGroupCommit } from '../group-commit.ts';
import { storeFault } from '../store-error.ts';
import { encodeFrame } from './frame.ts';
import { createGroupCache, type Group } from './group-cache.ts';
import { charsOf, checkLines, packAppends } from './pack.ts';
import type { EventLog, Position } from './port.ts';
import { openSegmentList } from './segment-list.ts';
import { createWaiters } from './waiters.ts';

/** UTF-16 units of lines in one commit, waiting before appends are refused, and kept in memory for readers. */
const COMMIT_CHARS = 16 * 1_048_576;
const WAITING_CHARS = 128 * 1_048_576;
const CACHED_CHARS = 48 * 1_048_576;
const SEGMENT_BYTES = 64 * 1_048_576;

/**
 * The event log in files that only grow, `segment_bytes` each. Appends that arrive during a commit share the next:
 * one write and one fdatasync. The newest groups of lines stay in memory, so that a consumer at the end reads no disk.
 */
export async function openSegmentEventLog(
  path: string,
  deps: { readonly logger: Logger; readonly segment_bytes?: number },
): Promise<EventLog> {
  const lock = lockFolder(path, 'log_unavailable');
  const segments = await openSegmentList(path, deps.logger).catch((error: unknown) => {
    lock.release();
    throw error;
  });
  const segment_bytes = deps.segment_bytes ?? SEGMENT_BYTES;
  const cache = createGroupCache(CACHED_CHARS);
  const waiters = createWaiters();
  let end = segments.newest().end();
  let closed = false;
  /** After a failed commit the file's state on disk is uncertain: the next commit begins a new one. */
  let suspect = false;

  const commit = async (appends: readonly (readonly string[])[]): Promise<Position[]> => {
    const { groups, firsts, next } = packAppends(appends, end);
    try {
      if (suspect || segments.newest().size() >= segment_bytes) await segments.roll();
      suspect = false;
      const frames = groups.map(({ first, lines }) => encodeFrame(first, lines));
      // Without lines it is `ping` that asks.
      await (frames.length === 0 ? segments.newest().probe() : segments.newest().append(frames, next));
    } catch (error) {
      suspect = true;
      deps.logger.error(
        { store: 'log', error: error instanceof Error ? error.message : '' },
        'commit failed',
      );
      throw storeFault('log_unavailable', 'The event log could not commit to disk.', error);
    }
    end = next;
    for (const group of groups) cache.add(group);
    waiters.passed(end);
    return firsts;
  };

  const committer = createGroupCommit<readonly string[], Position>({
    commit,
    weight: charsOf,
    max_weight: COMMIT_CHARS,
  });

  const refuseClosed = (): void => {
    if (closed) throw storeFault('log_unavailable', 'The event log is closed.');
  };

  /** Undefined when the position was trimmed meanwhile. */
  const groupAt = async (position: Position): Promise<Group | undefined> => {
    const known = cache.find(position);
    if (known !== undefined) return known;
    try {
      const group = await segments.holding(position).read(position);
      cache.readBack(group);
      return group;
    } catch (error) {
      if (position < segments.start()) return undefined;
      throw error;
    }
  };

  const read: EventLog['read'] = async (from, options) => {
    refuseClosed();
    const { max_records } = options;
    assert(
      Number.isSafeInteger(from) && max_records >= 1,
      'read needs a whole position and at least one record',
    );
    const first = Math.max(from, segments.start());
    const until = Math.min(end, first + max_records);
    const lines: string[] = [];
    while (first + lines.length < until) {
      const position = first + lines.length;
      const group = await groupAt(position);
      if (group === undefined) return lines.length > 0 ? { first, lines } : read(position, options);
      const offset = position - group.first;
      const part = group.lines.slice(offset, offset + until - position);
      assert(part.length > 0, 'groups follow each other without holes');
      if (first + part.length === until) return { first, lines: part };
      for (const line of part) lines.push(line);
    }
    return { first, lines };
  };

  return {
    append: async (lines) => {
      refuseClosed();
      checkLines(lines);
      if (lines.length === 0) return end;
      if (committer.waiting_weight() > WAITING_CHARS)
        throw storeFault('log_unavailable', 'Events arrive faster than the disk takes them.');
      return committer.add(lines);
    },
    read,
    end: () => end,
    start: () => segments.start(),
    waitPast: (position, signal) =>
      end > position || closed ? Promise.resolve() : waiters.wait(position, signal),
    trim: async (before) => {
      refuseClosed();
      await segments.trim(Math.min(before, end)).catch((error: unknown) => {
        throw storeFault('log_unavailable', 'The event log could not forget old records.', error);
      });
    },
    ping: async () => {
      refuseClosed();
      await committer.add([]);
    },
    close: async () => {
      if (closed) return;
      closed = true;
      await committer.idle();
      waiters.all();
      await segments.close();
      lock.release();
    },
  };
}
