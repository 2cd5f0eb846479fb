/** Regular expressions that run quickly and mean the same in JavaScript and in the warehouse (RE2). */
import { judgePattern } from '../../kernel/safe-pattern.ts';

/** Code points; longer text does not match. */
const MAX_TEXT = 5_000;
const MAX_REPEAT = 1_000;

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
  const source = plainSpaces(pattern);
  // `s`: a dot matches a line break, as it does in the warehouse.
  const compiled = new RegExp(source, 'us');
  const max_text = Math.min(MAX_TEXT, verdict.max_text_characters);
  return {
    is: 'safe',
    regex: { test: (text) => [...text].length <= max_text && compiled.test(text), source, max_text },
  };
}

function differs(pattern: string): string | undefined {
  if (/\\[ucpPk]|\(\?(?!:)/.test(pattern)) {
    return 'the pattern uses \\u, \\c, \\p, \\k or a group that begins with (?, which the warehouse reads otherwise';
  }
  for (const [, low, high] of pattern.matchAll(/\{(\d+)(?:,(\d*))?\}/g)) {
    if (Math.max(Number(low), Number(high ?? 0)) > MAX_REPEAT) {
      return `the pattern repeats something more than ${MAX_REPEAT} times`;
    }
  }
  if (/\[[^\]]*\\S/.test(pattern)) return 'the pattern has \\S inside brackets: write the characters out';
  return undefined;
}

/** White space is ASCII in the warehouse. */
function plainSpaces(pattern: string): string {
  let inside = false;
  return pattern.replace(/\\.|[[\]]/gsu, (part) => {
    if (part === '[') inside = true;
    if (part === ']') inside = false;
    if (part === '\\s') return inside ? '\\t\\n\\f\\r ' : '[\\t\\n\\f\\r ]';
    return part === '\\S' ? '[^\\t\\n\\f\\r ]' : part;
  });
}
