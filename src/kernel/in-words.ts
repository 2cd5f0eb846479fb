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

interface FieldIssue {
  readonly field: string;
  readonly message: string;
}

/** What is wrong with a body, by field; `body` for the whole of it. Empty when it is sound. */
export const fieldIssues = (error: z.ZodError | undefined): FieldIssue[] =>
  (error?.issues ?? []).flatMap((issue) => issuesIn(issue, []));

function issuesIn(issue: z.core.$ZodIssue, above: readonly PropertyKey[]): FieldIssue[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'invalid_union' && issue.errors.length > 0) return nearest(issue.errors, path);
  return [{ field: path.join('.') || 'body', message: issue.message }];
}

/** Of several bodies that it could be, what is wrong with the one that is meant: that with the fewest mistakes. */
function nearest(
  choices: readonly (readonly z.core.$ZodIssue[])[],
  path: readonly PropertyKey[],
): FieldIssue[] {
  const fewest = Math.min(...choices.map((issues) => issues.length));
  const [first = [], ...others] = choices
    .filter((issues) => issues.length === fewest)
    .map((issues) => issues.flatMap((issue) => issuesIn(issue, path)));
  const [one] = first;
  if (others.length === 0 || one === undefined || first.length > 1) return first;
  const fields = new Set([one, ...others.flat()].map(({ field }) => field));
  return [{ field: [...fields].join(' or '), message: one.message }];
}
