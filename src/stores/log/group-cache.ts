import type { Position } from './port.ts';

/** Lines that are stored together; `first` is the position of `lines[0]`. */
export interface Group {
  readonly first: Position;
  readonly lines: readonly string[];
  /** UTF-16 units of all lines. */
  readonly chars: number;
}

/**
 * The newest groups, up to `max_chars`, and the one that was last read back from disk (a consumer that catches up
 * reads it in several parts).
 */
export function createGroupCache(max_chars: number): {
  add(group: Group): void;
  readBack(group: Group): void;
  find(position: Position): Group | undefined;
} {
  let newest: Group[] = [];
  let dropped = 0;
  let chars = 0;
  let back: Group | undefined;
  const holds = (group: Group, position: Position): boolean =>
    position >= group.first && position < group.first + group.lines.length;

  return {
    add: (group) => {
      newest.push(group);
      chars += group.chars;
      while (chars > max_chars && dropped < newest.length - 1) chars -= newest[dropped++]?.chars ?? 0;
      // Dropped groups leave the array in bulk: moving it for each would cost its length each time.
      if (dropped > 1_000 || dropped * 2 > newest.length) {
        newest = newest.slice(dropped);
        dropped = 0;
      }
    },
    readBack: (group) => {
      back = group;
    },
    find: (position) => {
      if (back !== undefined && holds(back, position)) return back;
      let low = dropped;
      let high = newest.length - 1;
      while (low <= high) {
        const middle = (low + high) >> 1;
        const group = newest[middle];
        if (group === undefined || group.first > position) high = middle - 1;
        else if (holds(group, position)) return group;
        else low = middle + 1;
      }
      return undefined;
    },
  };
}
