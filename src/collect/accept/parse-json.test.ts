import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../kernel/errors.ts';
import { keptOf } from './fixture-kept.ts';
import { decodeText, parseJson } from './parse-json.ts';

const refusalOf = (run: () => unknown): AppError => {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

describe('decodeText', () => {
  test('UTF-8 and ASCII, without a byte order mark', () => {
    expect(decodeText(Buffer.from('plain'))).toBe('plain');
    expect(decodeText(Buffer.from('\ufeffschön 🦊'))).toBe('schön 🦊');
  });
  test.each([[[0xff, 0xfe]], [[0xc3, 0x28]], [[0xed, 0xa0, 0x80]], [[0xf0, 0x9f, 0xa6]]])(
    '%j is refused',
    (bytes) => {
      expect(refusalOf(() => decodeText(Buffer.from(bytes))).code).toBe('invalid_utf8');
    },
  );
});

describe('parseJson', () => {
  test('depth is counted, brackets in texts are not', () => {
    expect(parseJson(nested(64), 64)).toBeInstanceOf(Array);
    expect(refusalOf(() => parseJson(nested(65), 64))).toMatchObject({
      code: 'too_deep',
      details: { limit: 64 },
    });
    expect(refusalOf(() => parseJson('['.repeat(4_000_000), 64)).code).toBe('too_deep');
    expect(parseJson(JSON.stringify({ a: '[[[[{{{{"\\[[[[[['.repeat(20) }), 3)).toBeTypeOf('object');
  });
  test.each([['{"a":1'], [''], ['  '], ['{a:1}'], ['nul'], ['{"a":1}x'], ['\u0000'], ['{"a":"\n"}']])(
    '%j is refused',
    (text) => {
      expect(refusalOf(() => parseJson(text, 64)).code).toBe('invalid_json');
    },
  );
  test('the refusal never quotes the body', () => {
    expect(refusalOf(() => parseJson('{"email": person@example.com}', 64)).message).not.toContain('person');
  });
  test.each([
    ['{"a":{"__proto__":{"admin":true}}}', 'a.__proto__'],
    ['{"a":[{"constructor":1}]}', 'a[0].constructor'],
    ['{"prototype":1}', 'prototype'],
    ['{"\\u005f_proto__":1}', '__proto__'],
    ['{"con\\u0073tructor":1}', 'constructor'],
  ])('%s is refused at %s', (text, field) => {
    expect(refusalOf(() => parseJson(text, 64))).toMatchObject({ code: 'forbidden_key', details: { field } });
  });
  test('whole numbers beyond 64 bits are kept with their digits, as text', () => {
    const text =
      '{"a":20000000000000000001,"b":[-9223372036854775809, 18446744073709551615],"c":1e30,"f":2e19,"d":{"e": 123456789012345678901234}}';
    expect(parseJson(text, 64)).toEqual({
      a: '20000000000000000001',
      b: ['-9223372036854775809', '18446744073709551615'],
      c: 1e30,
      f: '20000000000000000000',
      d: { e: '123456789012345678901234' },
    });
    expect(parseJson('{"a":",12345678901234567890","b":9007199254740991,"c":-1.5}', 64)).toEqual({
      a: ',12345678901234567890',
      b: 9_007_199_254_740_991,
      c: -1.5,
    });
  });
  test('the same words as values are fine', () => {
    expect(parseJson('{"job":"constructor","s":"__proto__ prototype"}', 64)).toEqual({
      job: 'constructor',
      s: '__proto__ prototype',
    });
  });
  test('half a surrogate pair is replaced, in keys too; a whole one stays', () => {
    expect(parseJson('{"a\\ud83e":["\\udd8a","\\ud83e\\udd8a"]}', 64)).toEqual({
      'a\ufffd': ['\ufffd', '🦊'],
    });
  });
  test('a value or a refusal for every text, never another error; a value is what JSON.parse says', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.json(),
          fc.json().map((text) => text.slice(0, -1)),
        ),
        (text) => {
          let value: unknown;
          try {
            value = parseJson(text, 64);
          } catch (error) {
            expect(error).toBeInstanceOf(AppError);
            return;
          }
          expect(JSON.stringify(value)).toBe(JSON.stringify(keptOf(text)));
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
