import type { Identifier } from '../../resolve/contract.ts';

export interface ListLine {
  /** Counting from 1. */
  readonly line: number;
  /** As it was written. */
  readonly text: string;
  readonly identifier: Identifier;
}

export interface ListLines {
  readonly given: number;
  readonly read: readonly ListLine[];
  readonly rejected: readonly { readonly line: number; readonly reason: string }[];
}

const LONGEST = 512;

/** `type:value`, one a line; empty lines are passed over. Reasons never repeat what stands in a line. */
export function readListLines(text: string): ListLines {
  const read: ListLine[] = [];
  const rejected: { line: number; reason: string }[] = [];
  let given = 0;
  text.split(/\r\n|\n|\r/).forEach((raw, i) => {
    const line = raw.trim();
    if (line === '') return;
    given += 1;
    const colon = line.indexOf(':');
    const type = line.slice(0, colon).trim();
    const value = line.slice(colon + 1).trim();
    const reason =
      line.length > LONGEST
        ? `is longer than ${LONGEST} characters`
        : colon < 0
          ? 'has no colon: write `type:value`, for example `email:ada@example.com`'
          : !/^[a-z][a-z0-9_]{0,63}$/.test(type)
            ? 'begins with no type of identifier: lower-case letters, digits and underscores'
            : value === ''
              ? 'has nothing after the colon'
              : undefined;
    if (reason === undefined) read.push({ line: i + 1, text: line, identifier: { type, value } });
    else rejected.push({ line: i + 1, reason });
  });
  return { given, read, rejected };
}
