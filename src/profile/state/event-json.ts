/** JSON of events, read as the warehouse reads it: what one of them cannot read, the other does not count. */

/** An escaped surrogate without its partner makes the warehouse read nothing of a document. */
const LONE_SURROGATE = /(?<!\\)(\\\\)*\\ud[89a-f]/i;
/** So does a whole number beyond 64 bits, which JavaScript writes with all its digits. */
const LONG_NUMBER = /[:[,]-?\d{19,}/;

export type JsonObject = Readonly<Record<string, unknown>>;

const NOTHING: JsonObject = {};

/** The document of a stored event; empty when the warehouse reads nothing of it. */
export function readEventJson(text: string): JsonObject {
  if (text.length < 5) return NOTHING;
  if (text.includes('\\u') && LONE_SURROGATE.test(text)) return NOTHING;
  const value: unknown = JSON.parse(text);
  if (LONG_NUMBER.test(text) && holdsLongNumber(value)) return NOTHING;
  return isObject(value) ? value : NOTHING;
}

const TWO_63 = 2 ** 63;
const TWO_64 = 2 ** 64;

function holdsLongNumber(value: unknown): boolean {
  if (typeof value === 'number')
    return (value >= TWO_64 && value < 1e21) || (value <= -TWO_63 && value > -1e21);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(holdsLongNumber);
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The own member of an object; undefined for everything else. */
export const memberOf = (value: unknown, key: string): unknown =>
  isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;

/** The text member of an object, at most `max` code units; empty when there is none. */
export function textOf(value: unknown, key: string, max = 200): string {
  const found = memberOf(value, key);
  return typeof found === 'string' ? found.slice(0, max).toWellFormed() : '';
}

/** Text of a value with the keys of its objects in order, so that equal values have equal texts. */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const entries = Object.entries(value as JsonObject).filter(([, inner]) => inner !== undefined);
  const parts = entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`);
  return `{${parts.join(',')}}`;
}
