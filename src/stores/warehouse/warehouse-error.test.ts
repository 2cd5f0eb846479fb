import { expect, test } from 'vitest';
import { refusalOf } from './warehouse-error.ts';

/** As the engine throws it. */
const engineError = (code: number, message: string) =>
  Object.assign(new Error(`Code: ${code}. DB::Exception: ${message}`), { clickhouseCode: code });

test.each([
  [
    60,
    "Unknown table expression identifier 'things' in scope SELECT * FROM things WHERE user_id = 'ada@example.com'.",
    "Code: 60. DB::Exception: Unknown table expression identifier 'things'",
  ],
  [
    47,
    "Unknown expression identifier `missing` in scope SELECT missing WHERE id = 'ada@example.com'.",
    'Code: 47. DB::Exception: Unknown expression identifier `missing`',
  ],
  [
    6,
    "Cannot parse string 'ada@example.com' as Int64: syntax error: while executing 'FUNCTION toInt64(…)'.",
    'Code: 6. DB::Exception: Cannot parse string … as Int64: syntax error',
  ],
  [
    27,
    `Cannot parse input: expected '"' before: 'ada\\'s@example.com"}': (while reading the value of key n): (at row 1)`,
    'Code: 27. DB::Exception: Cannot parse input: expected … before: …: (while reading the value of key n): (at row 1)',
  ],
  [
    62,
    "Syntax error: failed at position 20 ('ada@example.com') (line 1, col 20): 'ada@example.com' FROM x.",
    'Code: 62. DB::Exception: Syntax error: failed at position 20 (…) ',
  ],
])('a bug with code %i says what was wrong, without values', (code, message, kept) => {
  const error = refusalOf(engineError(code, message)) as Error & { code: string };
  expect(error.message).toBe(kept);
  expect(error.code).toBe(String(code));
  expect(error.stack).not.toContain('ada');
  expect(error.stack).toMatch(/^Error: Code.*\n {4}at /);
});

test('a very long message is cut', () => {
  expect((refusalOf(new Error('x'.repeat(10_000))) as Error).message).toHaveLength(400);
});

test('a fault of the machine is a refusal', () => {
  expect(refusalOf(engineError(243, 'Cannot reserve 1.00 MiB'))).toMatchObject({ code: 'store_unavailable' });
});
