/** Regular expressions that run quickly and mean the same in JavaScript and in the warehouse (RE2). */
import { type Group, parsePattern } from '../../kernel/pattern-parts.ts';
import { judgePattern } from '../../kernel/safe-pattern.ts';

/** Code points; longer text does not match. */
const MAX_TEXT = 5_000;
const MAX_REPEAT = 1_000;
/** Once every repetition is written out; the warehouse has little memory for a pattern. */
const MAX_SIZE = 5_000;

export interface SafeRegex {
  test(text: string): boolean;
  /** For the warehouse. */
  readonly source: string;
  /** Code points. */
  readonly max_text: number;
}

export type RegexVerdict =
  | { readonly is: 'safe'; readonly regex: SafeRegex }
  | { readonly is: 'refused'; readonly message: string };

export function compileRegex(pattern: string): RegexVerdict {
  const verdict = judgePattern(pattern);
  if (verdict.is === 'refused') return { is: 'refused', message: verdict.message };
  const problem = differs(pattern);
  if (problem !== undefined) return { is: 'refused', message: problem };
  const source = forBoth(pattern);
  // `s`: a dot matches a line break, as it does in the warehouse.
  const compiled = new RegExp(source, 'us');
  const max_text = Math.min(MAX_TEXT, verdict.max_text_characters);
  return {
    is: 'safe',
    regex: { test: (text) => [...text].length <= max_text && compiled.test(text), source, max_text },
  };
}

function differs(pattern: string): string | undefined {
  if (/\\B/.test(pattern.replaceAll('\\\\', '')))
    return 'the pattern has \\B, which the warehouse reads otherwise: write out what may stand there';
  if (/\\[ucpPk]|\(\?(?!:)/.test(pattern)) {
    return 'the pattern uses \\u, \\c, \\p, \\k or a group that begins with (?, which the warehouse reads otherwise';
  }
  const parsed = parsePattern(pattern);
  const repeats = parsed.is === 'parsed' ? repeatsIn(parsed.group) : { most: 1, size: 0 };
  if (repeats.most > MAX_REPEAT)
    return `the pattern repeats something more than ${MAX_REPEAT} times, repetitions inside each other multiplied`;
  if (repeats.size > MAX_SIZE)
    return `the pattern stands for more than ${MAX_SIZE} characters in all: repeat less`;
  return inBrackets(pattern);
}

/** `most`: how often the innermost is repeated; `size`: parts once every repetition is written out. */
function repeatsIn(group: Group): { readonly most: number; readonly size: number } {
  let [most, size] = [1, 0];
  for (const { group: inner, min, max } of group.options.flat()) {
    const times = Math.max(1, Number.isFinite(max) ? max : min);
    const within = inner === undefined ? { most: 1, size: 1 } : repeatsIn(inner);
    most = Math.max(most, times * within.most);
    size += times * Math.max(1, within.size);
  }
  return { most, size };
}

/** What brackets may not hold: nothing at all, a word's edge (here a backspace), \\S among others. */
function inBrackets(pattern: string): string | undefined {
  let inside = false;
  for (const [part] of pattern.matchAll(/\[\^?\]|\\.|[[\]]/gsu)) {
    if (!inside && /^\[\^?\]$/.test(part)) return 'the pattern has brackets with nothing in them';
    if (inside && part === '\\b')
      return 'the pattern has \\b inside brackets, which the warehouse cannot read';
    if (inside && part === '\\S') return 'the pattern has \\S inside brackets: write the characters out';
    // Inside, `[]` is a bracket and the end.
    if (part === '[') inside = true;
    else if (part.endsWith(']') && !part.startsWith('\\')) inside = false;
  }
  return undefined;
}

/**
 * White space is ASCII in the warehouse. To look for a text that any match must hold, it takes patterns apart itself, and
 * there it mistakes a bracket inside brackets for an opening one, and the last byte of a letter for the letter that a
 * repetition is of: the first is escaped, the second put into a group.
 */
function forBoth(pattern: string): string {
  let inside = false;
  return pattern.replace(/\\.|[[\]]|[^\0-\x7f](?=[*+?{])/gsu, (part) => {
    if (part === '[') {
      if (inside) return '\\[';
      inside = true;
    }
    if (part === ']') inside = false;
    if (part === '\\s') return inside ? '\\t\\n\\f\\r ' : '[\\t\\n\\f\\r ]';
    if (part === '\\S') return '[^\\t\\n\\f\\r ]';
    return part.startsWith('\\') || part.charCodeAt(0) < 128 || inside ? part : `(?:${part})`;
  });
}
