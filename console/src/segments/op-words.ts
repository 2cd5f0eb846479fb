const WORDS: Readonly<Record<string, string>> = {
  equals: 'is',
  not_equals: 'is not',
  in: 'is one of',
  not_in: 'is none of',
  less: 'is less than',
  at_most: 'is at most',
  at_least: 'is at least',
  greater: 'is more than',
  between: 'is between',
  contains: 'contains',
  not_contains: 'does not contain',
  starts_with: 'starts with',
  ends_with: 'ends with',
  matches: 'fits the pattern',
  includes: 'includes',
  not_includes: 'does not include',
  exists: 'is known',
  missing: 'is not known',
  before: 'is before',
  after: 'is after',
  within_days: 'is within the last days',
  older_than_days: 'is longer ago than days',
};

/** An operator in words; one that is new to the console by its name. */
export function opWords(op: string): string {
  return WORDS[op] ?? op.replaceAll('_', ' ');
}

const NUMBER = ['equals', 'not_equals', 'in', 'not_in', 'less', 'at_most', 'at_least', 'greater', 'between'];
const TEXT = ['equals', 'not_equals', 'in', 'not_in', 'contains', 'not_contains', 'starts_with', 'ends_with'];
const TIME = ['before', 'after', 'within_days', 'older_than_days'];
const FITTING: Readonly<Record<string, readonly string[]>> = {
  number: NUMBER,
  string: [...TEXT, 'matches', ...TIME],
  boolean: ['equals', 'not_equals'],
  array: ['includes', 'not_includes'],
  object: [],
  /** The time of an event, which always is. */
  moment: TIME,
};

/** Operators that fit values of these JSON types; all when nothing is known. `now` always stays. */
export function opsFor(ops: readonly string[], types: readonly string[], now: string): string[] {
  if (types.length === 0) return [...ops];
  const known = types.includes('moment') ? [] : ['exists', 'missing'];
  const fitting = new Set([...types.flatMap((type) => FITTING[type] ?? ops), ...known, now]);
  return ops.filter((op) => fitting.has(op));
}

/** What kind of value an operator takes. */
export function operandOf(
  op: string,
): 'none' | 'one' | 'list' | 'number' | 'range' | 'days' | 'date' | 'text' {
  if (op === 'exists' || op === 'missing') return 'none';
  if (op === 'in' || op === 'not_in') return 'list';
  if (op === 'between') return 'range';
  if (op === 'within_days' || op === 'older_than_days') return 'days';
  if (op === 'before' || op === 'after') return 'date';
  if (['less', 'at_most', 'at_least', 'greater'].includes(op)) return 'number';
  return ['contains', 'not_contains', 'starts_with', 'ends_with', 'matches'].includes(op) ? 'text' : 'one';
}

/** The value carried over when the operator changes; undefined when it cannot be. */
export function carriedValue(value: unknown, op: string): unknown {
  const first = Array.isArray(value) ? value[0] : value;
  switch (operandOf(op)) {
    case 'none':
      return undefined;
    case 'list':
      return Array.isArray(value) ? value : first === undefined || first === '' ? undefined : [first];
    case 'range':
      return typeof first === 'number' ? [first, first] : undefined;
    case 'number':
    case 'days':
      return typeof first === 'number' ? first : undefined;
    case 'date':
    case 'text':
      return typeof first === 'string' ? first : undefined;
    default:
      return first;
  }
}

/** What was typed as the type that values have: a number only where numbers are found and texts are not. */
export function typedValue(text: string, types: readonly string[]): string | number | boolean {
  const number = Number(text);
  if (types.includes('number') && !types.includes('string') && text.trim() !== '' && !Number.isNaN(number))
    return number;
  if (types.includes('boolean') && !types.includes('string') && (text === 'true' || text === 'false'))
    return text === 'true';
  return text;
}
