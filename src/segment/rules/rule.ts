/** The tree of a rule: `all`, `any`, `not` over predicates; read from JSON with the place of everything that is wrong. */
import type { z } from 'zod';
import { inWords } from '../../kernel/in-words.ts';
import { PREDICATES, predicateOf } from '../predicates/index.ts';

export const DEPTH_MAX = 10;
export const PARTS_MAX = 200;
/** Characters of a rule as JSON. */
export const RULE_MAX = 65_536;

export type Rule =
  | { readonly all: readonly Rule[] }
  | { readonly any: readonly Rule[] }
  | { readonly not: Rule }
  | Leaf;

/** A predicate's body, checked by its schema, defaults filled in. */
export interface Leaf {
  readonly predicate: string;
}

export interface RuleProblem {
  /** `rule.all[1].where[0].value`. */
  readonly field: string;
  readonly message: string;
}

export type ParsedRule =
  | { readonly is: 'rule'; readonly rule: Rule }
  | { readonly is: 'refused'; readonly problems: readonly RuleProblem[] };

export function parseRule(value: unknown, place = 'rule'): ParsedRule {
  if (value !== undefined && JSON.stringify(value).length > RULE_MAX) {
    const message = `is longer than ${RULE_MAX} characters of JSON: upload long lists as a trait, split the rest`;
    return { is: 'refused', problems: [{ field: longestListIn(value, place) ?? place, message }] };
  }
  const problems: RuleProblem[] = [];
  const budget = { parts: 0 };
  const rule = read(value, place, 1, problems, budget);
  if (budget.parts > PARTS_MAX) {
    problems.push({
      field: place,
      message: `has more than ${PARTS_MAX} parts: make some of them segments of their own`,
    });
  }
  return problems.length > 0 || rule === undefined ? { is: 'refused', problems } : { is: 'rule', rule };
}

/** Items of a list that makes a rule too long by itself. */
const LONG_LIST = 1_000;

/** The place of the longest list, when a list is what makes it long. */
function longestListIn(value: unknown, place: string): string | undefined {
  let longest = { items: LONG_LIST, place: undefined as string | undefined };
  // Level by level: what nobody has checked yet may be nested deeper than calls can be.
  let level: { readonly value: unknown; readonly place: string }[] = [{ value, place }];
  while (level.length > 0) {
    level = level.flatMap((one) => {
      if (Array.isArray(one.value)) {
        if (one.value.length > longest.items) longest = { items: one.value.length, place: one.place };
        return one.value.map((inner, i) => ({ value: inner, place: `${one.place}[${i}]` }));
      }
      if (typeof one.value !== 'object' || one.value === null) return [];
      return Object.entries(one.value).map(([key, inner]) => ({
        value: inner,
        place: `${one.place}.${key}`,
      }));
    });
  }
  return longest.place;
}

function read(
  value: unknown,
  place: string,
  depth: number,
  problems: RuleProblem[],
  budget: { parts: number },
): Rule | undefined {
  budget.parts += 1;
  const refuse = (message: string, field = place): undefined => void problems.push({ field, message });
  if (depth > DEPTH_MAX) return refuse(`is nested deeper than ${DEPTH_MAX}`);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse('must be one of { all: […] }, { any: […] }, { not: … } or a predicate');
  }
  const body = value as Readonly<Record<string, unknown>>;
  const keys = Object.keys(body);
  const [key = ''] = keys;
  if (key === 'all' || key === 'any' || key === 'not') {
    if (keys.length > 1) return refuse(`has ${keys.join(', ')} side by side: nest them`);
    if (key === 'not') {
      const inner = read(body[key], `${place}.not`, depth + 1, problems, budget);
      return inner === undefined ? undefined : { not: inner };
    }
    const list = body[key];
    if (!Array.isArray(list) || list.length === 0)
      return refuse('must be a list with something in it', `${place}.${key}`);
    const parts = list.map((one, i) => read(one, `${place}.${key}[${i}]`, depth + 1, problems, budget));
    if (parts.some((part) => part === undefined)) return undefined;
    return key === 'all' ? { all: parts as Rule[] } : { any: parts as Rule[] };
  }
  return leaf(body, place, problems);
}

function leaf(
  body: Readonly<Record<string, unknown>>,
  place: string,
  problems: RuleProblem[],
): Leaf | undefined {
  const predicate = typeof body['predicate'] === 'string' ? predicateOf(body['predicate']) : undefined;
  if (predicate === undefined) {
    const names = PREDICATES.map((one) => one.name).join(', ');
    problems.push({ field: `${place}.predicate`, message: `must be one of ${names}` });
    return undefined;
  }
  const parsed = predicate.schema.safeParse(body, { error: inWords });
  if (parsed.success) return parsed.data as Leaf;
  problems.push(...issuesAt(parsed.error, place));
  return undefined;
}

export const issuesAt = (error: z.ZodError, place: string): RuleProblem[] =>
  error.issues.map((issue) => ({ field: placeOf(issue.path, place), message: issue.message }));

const placeOf = (path: readonly PropertyKey[], start: string): string =>
  path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? String(step) : `${text}.${String(step)}`;
  }, start);

export interface PlacedLeaf {
  readonly leaf: Leaf;
  readonly place: string;
}

export function leavesOf(rule: Rule, place = 'rule'): PlacedLeaf[] {
  if ('all' in rule) return rule.all.flatMap((one, i) => leavesOf(one, `${place}.all[${i}]`));
  if ('any' in rule) return rule.any.flatMap((one, i) => leavesOf(one, `${place}.any[${i}]`));
  if ('not' in rule) return leavesOf(rule.not, `${place}.not`);
  return [{ leaf: rule, place }];
}

/** Other segments that the rule names, with the place of each. */
export const segmentsNamed = (rule: Rule): { readonly segment: string; readonly place: string }[] =>
  leavesOf(rule).flatMap(({ leaf: one, place }) =>
    one.predicate === 'segment'
      ? [{ segment: (one as Leaf & { segment: string }).segment, place: `${place}.segment` }]
      : [],
  );
