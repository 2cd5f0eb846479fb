/** Bytes from a stranger -> JSON value that is safe to walk, merge and write again. Refuses with an AppError. */
import { isAscii, isUtf8 } from 'node:buffer';
import { AppError } from '../../kernel/errors.ts';

export const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Text of a body. A byte order mark is left out. */
export function decodeText(body: Buffer): string {
  if (isAscii(body)) return body.toString('latin1');
  if (!isUtf8(body)) throw new AppError('invalid_utf8', { message: 'The body is not valid UTF-8.' });
  const text = body.toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

export function parseJson(text: string, depth_max: number): unknown {
  const looks = look(text, depth_max);
  if (looks === 'too deep') {
    const message = `The body nests objects and arrays deeper than ${depth_max} levels.`;
    throw new AppError('too_deep', { message, limit: depth_max });
  }
  const value = parse(text, looks === 'long numbers' ? digitsOfLongNumber : undefined);
  // Keys can hide behind \u escapes, so these make us look as well.
  const escaped = text.includes('\\u');
  if (escaped || text.includes('__proto__') || text.includes('constructor') || text.includes('prototype')) {
    const path = forbiddenKey(value, '');
    if (path !== '')
      throw new AppError('forbidden_key', { message: `The key ${path} is not accepted.`, field: path });
  }
  return escaped && LONE_SURROGATE_POSSIBLE.test(text) ? wellFormed(value) : value;
}

const LONE_SURROGATE_POSSIBLE = /\\u[dD][89a-fA-F]/;

const TWO_63 = 2 ** 63;
const TWO_64 = 2 ** 64;

type Reviver = (
  this: unknown,
  key: string,
  value: unknown,
  context?: { readonly source?: string },
) => unknown;

/**
 * A whole number beyond 64 bits is kept as text, with the digits that were sent: the warehouse reads nothing at all of a
 * document that holds one, and so everything else in it would be lost.
 */
const digitsOfLongNumber: Reviver = (_, value, context) => {
  if (typeof value !== 'number' || (value < TWO_64 && value > -TWO_63)) return value;
  const source = context?.source ?? '';
  if (/^-?\d+$/.test(source)) return source;
  // JavaScript writes these with all their digits, greater ones with an exponent: those are read as fractions.
  return Math.abs(value) < 1e21 ? String(value) : value;
};

function parse(text: string, reviver: Reviver | undefined): unknown {
  try {
    return JSON.parse(text, reviver);
  } catch (error) {
    // The engine's message quotes the body, which may hold personal data: only the place is passed on.
    const at = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    const where =
      text.trim() === '' ? 'it is empty' : at === undefined ? 'it ends too early' : `at character ${at}`;
    throw new AppError('invalid_json', { message: `The body is not valid JSON: ${where}.` });
  }
}

/**
 * One pass over the text, before anything recursive sees it. Long numbers: one may be there, with as many digits as 64 bits
 * have or with an exponent.
 */
function look(text: string, depth_max: number): 'too deep' | 'long numbers' | 'plain' {
  let depth = 0;
  let digits = 0;
  let long = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c >= ZERO && c <= NINE) {
      if (++digits === LONG_DIGITS) long = true;
      continue;
    }
    if (digits > 0 && (c | LOWER_CASE) === LETTER_E) long = true;
    digits = 0;
    if (c === QUOTE) {
      for (i++; i < text.length; i++) {
        const s = text.charCodeAt(i);
        if (s === QUOTE) break;
        if (s === BACKSLASH) i++;
      }
    } else if (c === OPEN_BRACE || c === OPEN_BRACKET) {
      if (++depth > depth_max) return 'too deep';
    } else if (c === CLOSE_BRACE || c === CLOSE_BRACKET) depth--;
  }
  return long ? 'long numbers' : 'plain';
}

const LONG_DIGITS = 19;
const ZERO = 48;
const NINE = 57;
const LOWER_CASE = 32;
const LETTER_E = 101;
const QUOTE = 34;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/** Path of the first key that could reach a prototype; empty when there is none. */
export function forbiddenKey(value: unknown, path: string): string {
  if (typeof value !== 'object' || value === null) return '';
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const found = forbiddenKey(value[i], `${path}[${i}]`);
      if (found !== '') return found;
    }
    return '';
  }
  for (const [key, below] of Object.entries(value)) {
    const here = path === '' ? key : `${path}.${key}`;
    if (FORBIDDEN_KEYS.has(key)) return here.slice(0, 300);
    const found = forbiddenKey(below, here);
    if (found !== '') return found;
  }
  return '';
}

/** Half a surrogate pair cannot be written as UTF-8, and would stop whoever reads the record later. */
function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(wellFormed);
  return Object.fromEntries(
    Object.entries(value).map(([key, below]) => [key.toWellFormed(), wellFormed(below)]),
  );
}
