import type { Position } from '../stores/log/port.ts';

/** Numbers that both threads see without a call. Each is written by one side only. */
const NAMES = [
  'log_end',
  'log_start',
  'waiting_requests',
  'position',
  'people_position',
  'processed',
  'last_round_ms',
  'people_last_ms',
] as const;
type Name = (typeof NAMES)[number];

export type SharedMarks = Readonly<Record<Name, () => Position>> & { set(name: Name, value: number): void };

export const newMarksBuffer = (): SharedArrayBuffer =>
  new SharedArrayBuffer(NAMES.length * Float64Array.BYTES_PER_ELEMENT);

export function sharedMarks(buffer: SharedArrayBuffer): SharedMarks {
  // Whole numbers below 2^53 in aligned 64-bit cells: a read sees the old or the new one, never half of each.
  const cells = new Float64Array(buffer);
  const readers = Object.fromEntries(NAMES.map((name, i) => [name, () => cells[i] ?? 0])) as Record<
    Name,
    () => number
  >;
  return {
    ...readers,
    set: (name, value) => {
      cells[NAMES.indexOf(name)] = value;
    },
  };
}
