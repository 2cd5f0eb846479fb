import { AppError, assert } from '../../kernel/errors.ts';
import type { Group } from './group-cache.ts';
import type { Position } from './port.ts';

const MAX_LINE_CHARS = 1_048_576;
/** UTF-16 units in one frame; a longer append has a frame of its own. */
const FRAME_CHARS = 1_048_576;

/**
 * Gives the lines of several appends positions from `end` on and packs whole appends into groups. Returns the groups,
 * the first position of each append, and the position after the last line.
 */
export function packAppends(
  appends: readonly (readonly string[])[],
  end: Position,
): { groups: Group[]; firsts: Position[]; next: Position } {
  const groups: Group[] = [];
  const firsts: Position[] = [];
  let next = end;
  let lines: string[] = [];
  let chars = 0;
  const cut = (): void => {
    if (lines.length > 0) groups.push({ first: next - lines.length, lines, chars });
    lines = [];
    chars = 0;
  };
  for (const append of appends) {
    const more = charsOf(append);
    if (chars + more > FRAME_CHARS) cut();
    firsts.push(next);
    for (const line of append) lines.push(line);
    next += append.length;
    chars += more;
  }
  cut();
  return { groups, firsts, next };
}

export function charsOf(lines: readonly string[]): number {
  let chars = 0;
  for (const line of lines) chars += line.length;
  return chars;
}

/** A record is one line of text, at most 1 MiB. */
export function checkLines(lines: readonly string[]): void {
  for (const line of lines) {
    const too_long =
      line.length > MAX_LINE_CHARS ||
      (line.length * 3 > MAX_LINE_CHARS && Buffer.byteLength(line) > MAX_LINE_CHARS);
    if (too_long)
      throw new AppError('body_too_large', {
        message: 'A record of the event log is longer than 1 MiB.',
        limit: MAX_LINE_CHARS,
      });
    assert(!line.includes('\n'), 'a record of the event log is one line');
  }
}
