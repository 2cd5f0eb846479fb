/** The parts of an ECMAScript regular expression (u flag) that matter for how long it can take. */

/** Every printable ASCII character, white space, and two that stand for all others. */
export const PROBES: readonly string[] = [
  ...Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)),
  '\t',
  '\n',
  'é',
  '中',
];

export interface Group {
  /** Alternatives, each a sequence. */
  readonly options: readonly (readonly Term[])[];
}

export interface Term {
  readonly group?: Group;
  /** The probes that it can match, anywhere inside it. Empty for anchors and look-around. */
  readonly characters: ReadonlySet<string>;
  readonly min: number;
  readonly max: number;
  /** Can match nothing. */
  readonly nullable: boolean;
}

export type ParsedPattern =
  | {
      readonly is: 'parsed';
      readonly group: Group /** Tried at the start of the text only. */;
      readonly anchored: boolean;
    }
  | { readonly is: 'unsupported'; readonly message: string };

interface Cursor {
  readonly source: string;
  at: number;
}

class Unsupported extends Error {}

/** `source` must be a valid pattern. */
export function parsePattern(source: string): ParsedPattern {
  const cursor: Cursor = { source, at: 0 };
  try {
    const group = parseOptions(cursor);
    // `^a|b` is tried everywhere: only a pattern of one alternative counts as anchored.
    return { is: 'parsed', group, anchored: source.startsWith('^') && group.options.length === 1 };
  } catch (error) {
    if (error instanceof Unsupported) return { is: 'unsupported', message: error.message };
    throw error;
  }
}

function parseOptions(cursor: Cursor): Group {
  const options: Term[][] = [[]];
  while (cursor.at < cursor.source.length && cursor.source[cursor.at] !== ')') {
    if (cursor.source[cursor.at] === '|') {
      cursor.at += 1;
      options.push([]);
    } else {
      options.at(-1)?.push(parseTerm(cursor));
    }
  }
  return { options };
}

const take = (cursor: Cursor, pattern: RegExp): string | undefined => {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.source)?.[0];
  if (found !== undefined) cursor.at += found.length;
  return found;
};

const NOTHING: ReadonlySet<string> = new Set();

function parseTerm(cursor: Cursor): Term {
  if (take(cursor, /\^|\$|\\[bB]/y) !== undefined) {
    return { characters: NOTHING, min: 1, max: 1, nullable: true };
  }
  const opening = take(cursor, /\((\?<?[=!]|\?:|\?<[^>]+>|(?!\?))/y);
  if (opening !== undefined) return parseGroup(cursor, /[=!]$/.test(opening));
  if (take(cursor, /\\(k<|[1-9])/y) !== undefined)
    throw new Unsupported('refers back to a group, which is not accepted');
  const atom = take(
    cursor,
    /\\(u\{[^}]*\}|u[\dA-Fa-f]{4}|x[\dA-Fa-f]{2}|c[A-Za-z]|[pP]\{[^}]*\}|.)|\[(\\.|[^\]\\])*\]|./suy,
  );
  if (atom === undefined || atom.startsWith('('))
    throw new Unsupported('uses a kind of group that is not accepted');
  const one = new RegExp(`^${atom}$`, 'u');
  const { min, max } = parseQuantifier(cursor);
  return { characters: new Set(PROBES.filter((probe) => one.test(probe))), min, max, nullable: min === 0 };
}

function parseGroup(cursor: Cursor, look_around: boolean): Term {
  const group = parseOptions(cursor);
  cursor.at += 1;
  const { min, max } = parseQuantifier(cursor);
  const characters = look_around
    ? NOTHING
    : new Set(group.options.flat().flatMap((term) => [...term.characters]));
  const nullable =
    look_around || min === 0 || group.options.some((option) => option.every((term) => term.nullable));
  return { group, characters, min, max, nullable };
}

function parseQuantifier(cursor: Cursor): { min: number; max: number } {
  const text = take(cursor, /([*+?]|\{\d+(,\d*)?\})\??/y);
  switch (text?.[0]) {
    case undefined:
      return { min: 1, max: 1 };
    case '*':
      return { min: 0, max: Number.POSITIVE_INFINITY };
    case '+':
      return { min: 1, max: Number.POSITIVE_INFINITY };
    case '?':
      return { min: 0, max: 1 };
    default: {
      const [, min = '', comma, max] = /^\{(\d+)(,)?(\d*)/.exec(text ?? '') ?? [];
      if (comma === undefined) return { min: Number(min), max: Number(min) };
      return { min: Number(min), max: max === '' ? Number.POSITIVE_INFINITY : Number(max) };
    }
  }
}
