import { mkdir, open, readdir } from 'node:fs/promises';
import type { Logger } from '../../kernel/logger.ts';
import type { Position } from './port.ts';
import { beginSegment, openSegment, type Segment } from './segment.ts';

/** The files of a log, oldest first; there is always a newest one. */
export interface SegmentList {
  start(): Position;
  newest(): Segment;
  holding(position: Position): Segment;
  /** Begins a new file at the end of the newest. An empty newest file is begun anew. */
  roll(): Promise<void>;
  /** Removes files whose records all lie below `before`; never the newest. */
  trim(before: Position): Promise<void>;
  close(): Promise<void>;
}

/** Opens every segment in `folder`, or makes the first. */
export async function openSegmentList(folder: string, logger: Logger): Promise<SegmentList> {
  await mkdir(folder, { recursive: true });
  const warnTorn = (bytes: number): void => {
    logger.warn({ store: 'log', bytes }, 'unfinished commit cut off');
  };
  const begin = async (first: Position): Promise<Segment> => {
    const segment = await beginSegment(folder, first);
    try {
      await syncFolder(folder);
    } catch (error) {
      await segment.close();
      throw error;
    }
    return segment;
  };

  const firsts = (await readdir(folder)).map(firstOf).filter((first) => first !== undefined);
  firsts.sort((a, b) => a - b);
  const segments: Segment[] = [];
  for (const [i, first] of firsts.entries()) {
    const before = firsts[i + 1] ?? Number.POSITIVE_INFINITY;
    const segment = await openSegment(folder, first, before, warnTorn);
    if (i + 1 < firsts.length && segment.end() !== before)
      throw new Error(
        `the event log lacks positions ${segment.end()} to ${before - 1}: restore the file before ${before}`,
      );
    segments.push(segment);
  }
  let newest = segments.at(-1);
  if (newest === undefined) {
    newest = await begin(1);
    segments.push(newest);
  }
  let current: Segment = newest;

  return {
    start: () => segments[0]?.first ?? current.first,
    newest: () => current,
    holding: (position) => {
      let low = 0;
      let high = segments.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((segments[middle]?.first ?? Number.POSITIVE_INFINITY) <= position) low = middle;
        else high = middle - 1;
      }
      return segments[low] ?? current;
    },
    roll: async () => {
      const next = await begin(current.end());
      if (next.first === current.first) {
        segments.pop();
        await current.close();
      }
      segments.push(next);
      current = next;
    },
    trim: async (before) => {
      while (segments.length > 1) {
        const [oldest, following] = segments;
        if (oldest === undefined || following === undefined || following.first > before) return;
        segments.shift();
        await oldest.remove();
      }
    },
    close: async () => {
      for (const segment of segments) await segment.close();
    },
  };
}

/** Without it a crash may forget that a new file exists. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const firstOf = (name: string): Position | undefined => {
  const digits = /^(\d{16})\.log$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
};
