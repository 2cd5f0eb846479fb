/** What a schema says when it has no words of its own: as the person who wrote the body would put it. */
import type { z } from 'zod';

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object with fields',
};

/** Pass it as `error` to `safeParse`. Undefined: nothing better than what Zod says. */
export const inWords: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `must be ${KINDS[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `${issue.input === undefined ? 'is missing: it is' : 'must be'} one of ${issue.values.join(', ')}`;
    case 'unrecognized_keys':
      return `knows nothing of ${issue.keys.join(', ')}`;
    case 'too_small':
      return issue.origin !== 'number' && issue.minimum === 1
        ? 'must not be empty'
        : bound(issue.origin, issue.inclusive === false ? 'above' : 'at least', issue.minimum);
    case 'too_big':
      return bound(issue.origin, issue.inclusive === false ? 'below' : 'at most', issue.maximum);
    default:
      return undefined;
  }
};

const UNITS: Readonly<Record<string, string>> = { string: ' characters', array: ' items' };

function bound(origin: string, side: string, limit: number | bigint): string {
  const unit = UNITS[origin];
  return `must ${unit === undefined ? 'be' : 'have'} ${side} ${limit}${unit ?? ''}`;
}

/** What is wrong with a body, by field; `body` for the whole of it. Empty when it is sound. */
export const fieldIssues = (
  error: z.ZodError | undefined,
): { readonly field: string; readonly message: string }[] =>
  (error?.issues ?? []).map(({ path, message }) => ({ field: path.join('.') || 'body', message }));
