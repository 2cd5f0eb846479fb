/**
 * A repair rule changes one path of a quarantined payload: set, rename, cast or remove, under a condition.
 * Pure; the payload given is never changed. Paths are dotted, as in `properties.products[0].price`; `[*]` stands for
 * every element of an array.
 */
import { z } from 'zod';

const PATH_PATTERN = /^[A-Za-z_$][\w$ -]*(\[(\d+|\*)\])*(\.[A-Za-z_$][\w$ -]*(\[(\d+|\*)\])*)*$/;
const FORBIDDEN = /(^|[.\]])(__proto__|constructor|prototype)($|[.[])/;

export const pathSchema = z
  .string()
  .max(300)
  .regex(PATH_PATTERN, 'a dotted path such as properties.price or properties.products[*].price')
  .refine((path) => !FORBIDDEN.test(path), 'must not name __proto__, constructor or prototype');

const conditionSchema = z.discriminatedUnion('is', [
  z.object({ path: pathSchema, is: z.enum(['missing', 'present']) }),
  z.object({ path: pathSchema, is: z.literal('equals'), value: z.json() }),
  z.object({ path: pathSchema, is: z.literal('contains'), value: z.string().min(1).max(200) }),
  z.object({
    path: pathSchema,
    is: z.literal('type'),
    value: z.enum(['string', 'number', 'boolean', 'object', 'array', 'null']),
  }),
]);

const base = { path: pathSchema, when: conditionSchema.optional() };
export const CAST_TYPES = ['number', 'integer', 'string', 'boolean', 'datetime'] as const;

export const repairRuleSchema = z.discriminatedUnion('action', [
  z.object({ action: z.literal('set'), ...base, value: z.json() }),
  z.object({ action: z.literal('rename'), ...base, to: pathSchema }),
  z.object({ action: z.literal('cast'), ...base, type: z.enum(CAST_TYPES) }),
  z.object({ action: z.literal('remove'), ...base }),
]);

export type RepairRule = z.infer<typeof repairRuleSchema>;
type Condition = z.infer<typeof conditionSchema>;
type Json = Record<string, unknown> | unknown[];

/** Applies the rules in order to a copy. A rule whose condition or path does not fit changes nothing. */
export function repair(payload: unknown, rules: readonly RepairRule[]): unknown {
  const copy = structuredClone(payload);
  if (typeof copy !== 'object' || copy === null) return copy;
  for (const rule of rules) {
    if (rule.when === undefined || holds(copy as Json, rule.when)) applyRule(copy as Json, rule);
  }
  return copy;
}

function applyRule(root: Json, rule: RepairRule): void {
  const steps = parsePath(rule.path);
  switch (rule.action) {
    case 'set':
      for (const place of places(root, steps, true)) place.holder[place.key] = structuredClone(rule.value);
      return;
    case 'remove':
      for (const place of places(root, steps, false).reverse()) removeAt(place);
      return;
    case 'cast':
      for (const place of places(root, steps, false)) {
        if (place.key in place.holder) place.holder[place.key] = castTo(place.holder[place.key], rule.type);
      }
      return;
    case 'rename':
      rename(root, steps, parsePath(rule.to));
  }
}

/** With `[*]` in both paths the elements are renamed pairwise; else the first value found moves. */
function rename(root: Json, from: readonly Step[], to: readonly Step[]): void {
  const sources = places(root, from, false).filter((place) => place.key in place.holder);
  for (const source of sources) {
    const target = places(root, fillWildcards(to, source.indexes), true)[0];
    if (target === undefined) continue;
    const value = source.holder[source.key];
    removeAt(source);
    target.holder[target.key] = value;
  }
}

type Step = string | number | '*';
interface Place {
  readonly holder: Record<string | number, unknown>;
  readonly key: string | number;
  /** Indexes that stood for `[*]` on the way. */
  readonly indexes: readonly number[];
}

function parsePath(path: string): Step[] {
  const steps: Step[] = [];
  for (const part of path.split('.')) {
    const name = part.split('[')[0] as string;
    steps.push(name);
    for (const [, index] of part.matchAll(/\[(\d+|\*)\]/g)) steps.push(index === '*' ? '*' : Number(index));
  }
  return steps;
}

const fillWildcards = (steps: readonly Step[], indexes: readonly number[]): Step[] => {
  let next = 0;
  return steps.map((step) => (step === '*' ? (indexes[next++] ?? 0) : step));
};

/** Where a path leads. With `create`, missing objects on the way are made; a scalar in the way ends it. */
function places(root: Json, steps: readonly Step[], create: boolean): Place[] {
  let here: { at: Record<string | number, unknown>; indexes: number[] }[] = [
    { at: root as Record<string, unknown>, indexes: [] },
  ];
  for (const step of steps.slice(0, -1)) here = here.flatMap((spot) => descend(spot, step, create));
  const last = steps.at(-1) as Step;
  return here.flatMap(({ at, indexes }) => {
    if (last !== '*')
      return Array.isArray(at) && typeof last !== 'number' ? [] : [{ holder: at, key: last, indexes }];
    return Array.isArray(at)
      ? at.map((_, i) => ({
          holder: at as unknown as Record<number, unknown>,
          key: i,
          indexes: [...indexes, i],
        }))
      : [];
  });
}

function descend(
  spot: { at: Record<string | number, unknown>; indexes: number[] },
  step: Step,
  create: boolean,
) {
  if (step === '*') {
    if (!Array.isArray(spot.at)) return [];
    return spot.at.flatMap((child, i) =>
      isContainer(child) ? [{ at: child, indexes: [...spot.indexes, i] }] : [],
    );
  }
  let child = Object.hasOwn(spot.at, step) ? spot.at[step] : undefined;
  if (child === undefined && create && !Array.isArray(spot.at)) {
    child = {};
    spot.at[step] = child;
  }
  return isContainer(child) ? [{ at: child, indexes: spot.indexes }] : [];
}

const isContainer = (value: unknown): value is Record<string | number, unknown> =>
  typeof value === 'object' && value !== null;

function removeAt({ holder, key }: Place): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
}

function holds(root: Json, condition: Condition): boolean {
  const found = places(root, parsePath(condition.path), false).filter((place) =>
    Object.hasOwn(place.holder, place.key),
  );
  const values = found.map((place) => place.holder[place.key]);
  switch (condition.is) {
    case 'missing':
      return values.length === 0;
    case 'present':
      return values.length > 0;
    case 'equals':
      return values.some((value) => JSON.stringify(value) === JSON.stringify(condition.value));
    case 'contains':
      return values.some((value) => typeof value === 'string' && value.includes(condition.value));
    case 'type':
      return values.some((value) => typeOf(value) === condition.value);
  }
}

const typeOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;

/** A value that cannot be cast without guessing stays as it is, so that the plan still refuses it. */
export function castTo(value: unknown, type: (typeof CAST_TYPES)[number]): unknown {
  switch (type) {
    case 'number':
    case 'integer': {
      const number = typeof value === 'boolean' ? Number(value) : toNumber(value);
      if (number === undefined || (type === 'integer' && !Number.isInteger(number))) return value;
      return number;
    }
    case 'string':
      return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
    case 'boolean':
      if (value === 1 || /^(true|yes|1)$/i.test(String(value))) return true;
      return value === 0 || /^(false|no|0)$/i.test(String(value)) ? false : value;
    case 'datetime':
      return toDatetime(value);
  }
}

/** Reads `12.50`, `1,299.00`, `12,50` and `€ 12.50`; a single comma with three digits behind (`1,299`) groups thousands. */
function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  let text = value.trim().replace(/^[€$£¥]\s*|\s*(€|\$|£|¥|[A-Z]{3})$/g, '');
  if (/^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(text)) text = text.replaceAll(',', '');
  else if (/^-?\d{1,3}(\.\d{3})+,\d+$/.test(text)) text = text.replaceAll('.', '').replace(',', '.');
  else if (/^-?\d+,\d+$/.test(text)) text = text.replace(',', '.');
  return /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined;
}

/** Seconds or milliseconds since 1970, or any text that names a date; the answer is ISO 8601 in UTC. */
function toDatetime(value: unknown): unknown {
  if (typeof value !== 'string' && typeof value !== 'number') return value;
  const number = typeof value === 'number' ? value : /^\d{9,13}$/.test(value) ? Number(value) : undefined;
  const ms = number === undefined ? Date.parse(String(value)) : number < 1e11 ? number * 1000 : number;
  return Number.isFinite(ms) && Math.abs(ms) < 8.64e15 ? new Date(ms).toISOString() : value;
}
