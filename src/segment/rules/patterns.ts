/** Regular expressions of a rule, each as the warehouse gets it, with its place. */
import { leavesOf, type Rule } from './rule.ts';
import { compileRegex } from './safe-regex.ts';

export interface PlacedPattern {
  readonly place: string;
  readonly source: string;
}

export const patternsIn = (rule: Rule): PlacedPattern[] =>
  leavesOf(rule).flatMap(({ leaf, place }) => inBody(leaf, place));

function inBody(body: unknown, place: string): PlacedPattern[] {
  if (Array.isArray(body)) return body.flatMap((one, i) => inBody(one, `${place}[${i}]`));
  if (typeof body !== 'object' || body === null) return [];
  const { op, value } = body as { readonly op?: unknown; readonly value?: unknown };
  const verdict = op === 'matches' && typeof value === 'string' ? compileRegex(value) : undefined;
  const own = verdict?.is === 'safe' ? [{ place: `${place}.value`, source: verdict.regex.source }] : [];
  return [...own, ...Object.entries(body).flatMap(([key, inner]) => inBody(inner, `${place}.${key}`))];
}
