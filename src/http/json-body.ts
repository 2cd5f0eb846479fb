import { AppError } from '../kernel/errors.ts';

const MAX_DEPTH = 64;
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The body of an API request: JSON in UTF-8; an empty body is an empty object. */
export function readJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return {};
  const value = parse(decode(bytes));
  checkShape(value);
  return value;
}

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new AppError('invalid_utf8', { message: 'The body is not valid UTF-8.' });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message repeats parts of the body.
    throw new AppError('invalid_json', { message: 'The body is not JSON.' });
  }
}

/** Without recursion: deep input must not exhaust the stack. */
function checkShape(root: unknown): void {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) {
      throw new AppError('too_deep', {
        message: `The body nests deeper than ${MAX_DEPTH} levels.`,
        limit: MAX_DEPTH,
      });
    }
    const below: unknown[] = [];
    for (const value of level) {
      if (value === null || typeof value !== 'object') continue;
      for (const [key, inner] of Object.entries(value)) {
        if (!Array.isArray(value)) refuseKey(key);
        below.push(inner);
      }
    }
    level = below;
  }
}

function refuseKey(key: string): void {
  if (FORBIDDEN.has(key))
    throw new AppError('forbidden_key', { message: `The key ${key} is not accepted.`, field: key });
}
