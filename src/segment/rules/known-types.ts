/** Comparisons that no value seen so far can fulfil: a number with an address, the sum of a text. */
import { isTimeOp } from './time-test.ts';

export type SeenType = 'text' | 'number' | 'boolean' | 'list' | 'object';

/** What values of a field or trait have been, where enough of them were looked at. */
export interface SeenTypes {
  readonly types: ReadonlySet<SeenType>;
  /** Some texts among them were dates. */
  readonly dates: boolean;
}

/** As the catalogue has them, from properties and from traits; undefined when that tells nothing for certain. */
export function seenTypes(types: readonly string[], dates: boolean): SeenTypes | undefined {
  const found = new Set<SeenType>();
  for (const type of types) {
    const known = NAMES[type];
    if (known !== undefined) found.add(known);
  }
  // Several: mixed, and perhaps not all of them were seen.
  return found.size === 1 ? { types: found, dates } : undefined;
}

const NAMES: Readonly<Record<string, SeenType>> = {
  text: 'text',
  string: 'text',
  number: 'number',
  boolean: 'boolean',
  list: 'list',
  array: 'list',
  object: 'object',
};

export interface Compared {
  readonly op?: string;
  readonly value?: unknown;
}

const ORDER: readonly string[] = ['less', 'at_most', 'at_least', 'greater', 'between'];
const TEXT: readonly string[] = ['contains', 'not_contains', 'starts_with', 'ends_with', 'matches'];
const SAME: readonly string[] = ['equals', 'not_equals', 'in', 'not_in'];

const INSTEAD: Readonly<Record<SeenType, string>> = {
  text: 'compare it by equals, in, contains or matches with a text, or ask for another one',
  number: 'compare it by less, at_most, at_least, greater, between or equals with a number',
  boolean: 'compare it by equals with true or false',
  list: 'ask for one of its items by includes',
  object: 'name what is inside it: its name, a dot, the name inside',
};

const SAID: Readonly<Record<SeenType, string>> = {
  text: 'a text',
  number: 'a number',
  boolean: 'true or false',
  list: 'a list',
  object: 'an object',
};

export interface TypeProblem {
  /** `op` or `value`. */
  readonly at: string;
  readonly message: string;
}

export function typeProblem(name: string, compared: Compared, seen: SeenTypes): TypeProblem | undefined {
  const { op = '' } = compared;
  const [type = 'text'] = seen.types;
  const only = `and ${name} has only ever been ${SAID[type]}`;
  const say = (at: string, what: string): TypeProblem => ({
    at,
    message: `${what}, ${only}: ${INSTEAD[type]}`,
  });
  if (ORDER.includes(op)) return type === 'number' ? undefined : say('op', `${op} compares numbers`);
  if (TEXT.includes(op)) return type === 'text' ? undefined : say('op', `${op} compares texts`);
  if (op === 'includes' || op === 'not_includes')
    return type === 'list' ? undefined : say('op', `${op} looks into lists`);
  if (isTimeOp(op)) {
    if (type !== 'text') return say('op', `${op} compares dates`);
    return seen.dates
      ? undefined
      : {
          at: 'op',
          message: `${op} compares dates, and ${name} has never been one (ISO 8601): ${INSTEAD.text}`,
        };
  }
  if (!SAME.includes(op)) return undefined;
  const values = Array.isArray(compared.value) ? compared.value : [compared.value];
  if (values.some((value) => typeOf(value) === type)) return undefined;
  const with_what = SAID[typeOf(values[0])];
  return say('value', `${op} compares with ${with_what} here`);
}

const typeOf = (value: unknown): SeenType => {
  if (typeof value === 'string') return 'text';
  return typeof value === 'number' ? 'number' : 'boolean';
};

/** Sums, averages and the like are of numbers. */
export const sumProblem = (name: string, seen: SeenTypes): string | undefined => {
  const [type = 'text'] = seen.types;
  return type === 'number'
    ? undefined
    : `must be a number, and ${name} has only ever been ${SAID[type]}: name a field that holds numbers`;
};
