import { constants } from 'node:fs';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { assert } from '../../kernel/errors.ts';
import { HEADER_BYTES, headerAt, isSound, linesOf } from './frame.ts';
import type { Group } from './group-cache.ts';
import type { Position } from './port.ts';

const PROBE = Buffer.alloc(4_096);

/** One file of the log: the frames from `first` to `end` (exclusive), without holes. */
export interface Segment {
  readonly first: Position;
  end(): Position;
  /** Bytes of sound frames. */
  size(): number;
  /** Writes whole frames, the first of which begins at `end()`, and syncs. When it rejects, the file holds none of them. */
  append(frames: readonly Buffer[], next: Position): Promise<void>;
  /** Writes and syncs a page behind the last frame and takes it away again; rejects when the disk does not take it. */
  probe(): Promise<void>;
  /** The frame that holds `position`. */
  read(position: Position): Promise<Group>;
  close(): Promise<void>;
  remove(): Promise<void>;
}

export const segmentName = (first: Position): string => `${String(first).padStart(16, '0')}.log`;

/**
 * Opens a segment and reads its frames' places. `before` is where the next segment begins, for the newest Infinity:
 * frames from there on were refused and are ignored. A torn end, left by a crash during a commit that nobody was told
 * about, is cut off; `onTorn` hears how many bytes.
 */
export async function openSegment(
  folder: string,
  first: Position,
  before: Position,
  onTorn: (bytes: number) => void,
): Promise<Segment> {
  const path = `${folder}/${segmentName(first)}`;
  const file = await open(path, constants.O_RDWR);
  const places = await scan(file, first, before);
  if (places.torn_bytes > 0) {
    onTorn(places.torn_bytes);
    await file.truncate(places.size);
    await file.datasync();
  }
  return segmentOf(path, file, first, places);
}

/** Begins a segment at `first`. What an earlier attempt left in its file is refused data and goes. */
export async function beginSegment(folder: string, first: Position): Promise<Segment> {
  const path = `${folder}/${segmentName(first)}`;
  const file = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC, 0o640);
  return segmentOf(path, file, first, { firsts: [], offsets: [], end: first, size: 0, torn_bytes: 0 });
}

interface Places {
  /** Of each frame: first position and offset in the file. */
  readonly firsts: Position[];
  readonly offsets: number[];
  end: Position;
  size: number;
  torn_bytes: number;
}

async function scan(file: FileHandle, first: Position, before: Position): Promise<Places> {
  const bytes = await file.readFile();
  const places: Places = { firsts: [], offsets: [], end: first, size: 0, torn_bytes: 0 };
  for (;;) {
    const header = headerAt(bytes, places.size);
    if (header === undefined || header.first !== places.end || header.first >= before) break;
    const next = places.size + HEADER_BYTES + header.body_bytes;
    if (!isSound(bytes.subarray(places.size, next))) break;
    places.firsts.push(header.first);
    places.offsets.push(places.size);
    places.end = header.first + header.records;
    places.size = next;
  }
  places.torn_bytes = bytes.length - places.size;
  return places;
}

function segmentOf(path: string, file: FileHandle, first: Position, places: Places): Segment {
  const frameOf = (position: Position): number => {
    let low = 0;
    let high = places.firsts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((places.firsts[middle] ?? Number.POSITIVE_INFINITY) <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  };

  /** Takes away what lies behind the last frame, as far as a failing disk lets us. */
  const cutOff = async (): Promise<void> => {
    await file.truncate(places.size).catch(() => undefined);
    await file.datasync().catch(() => undefined);
  };

  return {
    first,
    end: () => places.end,
    size: () => places.size,
    append: async (frames, next) => {
      let offset = places.size;
      try {
        await writeAll(file, frames, offset);
        await file.datasync();
      } catch (error) {
        await cutOff();
        throw error;
      }
      for (const frame of frames) {
        places.firsts.push(Number(frame.readBigUInt64LE(16)));
        places.offsets.push(offset);
        offset += frame.length;
      }
      places.size = offset;
      places.end = next;
    },
    probe: async () => {
      try {
        await writeAll(file, [PROBE], places.size);
        await file.datasync();
      } finally {
        await cutOff();
      }
    },
    read: async (position) => {
      const at = frameOf(position);
      const offset = places.offsets[at] ?? 0;
      const bytes = (places.offsets[at + 1] ?? places.size) - offset;
      const frame = Buffer.allocUnsafeSlow(bytes);
      const { bytesRead } = await file.read(frame, 0, bytes, offset);
      assert(bytesRead === bytes && isSound(frame), `the event log is damaged at position ${position}`);
      const lines = linesOf(frame);
      return { first: places.firsts[at] ?? first, lines, chars: frame.length };
    },
    close: () => file.close(),
    remove: async () => {
      await file.close();
      await unlink(path);
    },
  };
}

/** A write may take less than it was given, above all on a disk that is nearly full. */
async function writeAll(file: FileHandle, frames: readonly Buffer[], offset: number): Promise<void> {
  const bytes = frames.length === 1 && frames[0] !== undefined ? frames[0] : Buffer.concat(frames);
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, offset + written);
    written += bytesWritten;
  }
}
