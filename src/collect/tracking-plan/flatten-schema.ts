/**
 * Makes a JSON Schema (2020-12) of a tracking plan safe to compile: references to its own parts are written out, so
 * that nothing outside is read and no schema loops or explodes; patterns cannot run for seconds; notes are left out.
 */
import { judgePattern } from '../../kernel/safe-pattern.ts';

export interface SchemaProblem {
  /** Dotted, below the schema: `properties.price.pattern`; empty for the schema itself. */
  readonly field: string;
  readonly message: string;
}

export type JsonObject = { [key: string]: unknown };
export type FlatSchema =
  | { readonly is: 'flat'; readonly schema: JsonObject }
  | { readonly is: 'refused'; readonly problems: readonly SchemaProblem[] };

const MAX_PARTS = 5_000;
const MAX_DEPTH = 40;
const DRAFT = /^https:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/;
const FORBIDDEN_NAMES = new Set(['__proto__', 'constructor', 'prototype']);

export const FORMATS = [
  'date-time',
  'date',
  'time',
  'duration',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'uri',
  'uri-reference',
  'uuid',
] as const;

const SCHEMA_MAPS = new Set(['properties', 'patternProperties', 'dependentSchemas']);
const SCHEMA_LISTS = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
const SCHEMAS = new Set([
  'items',
  'additionalProperties',
  'contains',
  'not',
  'if',
  'then',
  'else',
  'propertyNames',
  'unevaluatedItems',
  'unevaluatedProperties',
]);
const PLAIN = new Set([
  'type',
  'enum',
  'const',
  'multipleOf',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'minLength',
  'maxLength',
  'pattern',
  'format',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minContains',
  'maxContains',
  'required',
  'minProperties',
  'maxProperties',
  'dependentRequired',
]);
const NOTES = new Set([
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
  '$comment',
  'contentEncoding',
  'contentMediaType',
  '$defs',
  '$schema',
]);
const REFUSED: Readonly<Record<string, string>> = {
  $id: 'leave it out: a plan has no addresses',
  $anchor: 'refer by path instead, as in #/$defs/name',
  $dynamicRef: 'refer by path with $ref instead, as in #/$defs/name',
  $dynamicAnchor: 'refer by path instead, as in #/$defs/name',
  definitions: 'call it $defs, as JSON Schema 2020-12 does',
  nullable: "list null as a type instead, as in type: [number, 'null']",
  dependencies: 'use dependentRequired or dependentSchemas, as JSON Schema 2020-12 does',
};

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

interface Walk {
  readonly root: JsonObject;
  readonly problems: SchemaProblem[];
  parts: number;
}

export function flattenSchema(root: unknown): FlatSchema {
  if (!isObject(root))
    return { is: 'refused', problems: [{ field: '', message: 'must be a JSON Schema: an object' }] };
  const walk: Walk = { root, problems: [], parts: 0 };
  if (root['$schema'] !== undefined && !DRAFT.test(String(root['$schema']))) {
    walk.problems.push({ field: '$schema', message: 'only JSON Schema draft 2020-12 is understood' });
  }
  const schema = flatten(walk, root, [], []);
  if (walk.problems.length > 0) return { is: 'refused', problems: walk.problems };
  return { is: 'flat', schema: schema as JsonObject };
}

/** What is not a schema is handed on as it is: the compiler names its shape. `refs` are the references on the way. */
function flatten(walk: Walk, schema: unknown, field: readonly string[], refs: readonly string[]): unknown {
  if (!isObject(schema)) return schema;
  walk.parts += 1;
  if (walk.parts > MAX_PARTS || field.length > MAX_DEPTH) {
    if (!walk.problems.some((problem) => problem.message.startsWith('is too large'))) {
      report(
        walk,
        [],
        `is too large: at most ${MAX_PARTS} parts with references written out, ${MAX_DEPTH} deep`,
      );
    }
    return {};
  }
  const flat: JsonObject = {};
  for (const [key, value] of Object.entries(schema)) {
    const here = [...field, key];
    if (SCHEMA_MAPS.has(key)) flat[key] = flattenMap(walk, key, value, here, refs);
    else if (SCHEMA_LISTS.has(key)) flat[key] = flattenList(walk, value, here, refs);
    else if (SCHEMAS.has(key)) flat[key] = flatten(walk, value, here, refs);
    else if (PLAIN.has(key)) flat[key] = checkPlain(walk, key, value, schema, here);
    else if (key !== '$ref' && !NOTES.has(key) && !key.startsWith('x-')) {
      report(
        walk,
        here,
        `${key} is not a keyword of JSON Schema 2020-12${REFUSED[key] ? `: ${REFUSED[key]}` : ''}`,
      );
    }
  }
  if (schema['$ref'] === undefined) return flat;
  const target = followRef(walk, schema['$ref'], field, refs);
  const others = Array.isArray(flat['allOf']) ? flat['allOf'] : [];
  return { ...flat, allOf: [...others, target] };
}

const report = (walk: Walk, field: readonly string[], message: string): void => {
  walk.problems.push({ field: field.join('.'), message });
};

function flattenMap(
  walk: Walk,
  key: string,
  map: unknown,
  field: readonly string[],
  refs: readonly string[],
): unknown {
  if (!isObject(map)) return map;
  const flat: JsonObject = {};
  for (const [name, schema] of Object.entries(map)) {
    if (FORBIDDEN_NAMES.has(name)) {
      report(walk, [...field, name], 'events cannot have a field of this name');
      continue;
    }
    if (key === 'patternProperties') checkPattern(walk, name, [...field, name]);
    flat[name] = flatten(walk, schema, [...field, name], refs);
  }
  return flat;
}

function flattenList(walk: Walk, list: unknown, field: readonly string[], refs: readonly string[]): unknown {
  if (!Array.isArray(list)) return list;
  return list.map((schema, i) => flatten(walk, schema, [...field, String(i)], refs));
}

function checkPlain(
  walk: Walk,
  key: string,
  value: unknown,
  schema: JsonObject,
  field: readonly string[],
): unknown {
  if (key === 'pattern' && typeof value === 'string') checkPattern(walk, value, field);
  if (key === 'format' && !(FORMATS as readonly unknown[]).includes(value)) {
    report(walk, field, `is not a known format: use one of ${FORMATS.join(', ')}`);
  }
  if (key === 'uniqueItems' && value === true && !hasPlainItems(schema['items'])) {
    // Objects are compared pair by pair, which a long list would make take minutes.
    report(walk, field, 'needs items with a plain type: text, number, integer or boolean');
  }
  return value;
}

function hasPlainItems(items: unknown): boolean {
  const type = isObject(items) ? items['type'] : undefined;
  return ['string', 'number', 'integer', 'boolean'].includes(String(type)) && !Array.isArray(type);
}

function checkPattern(walk: Walk, pattern: string, field: readonly string[]): void {
  const verdict = judgePattern(pattern);
  if (verdict.is === 'refused') report(walk, field, verdict.message);
}

function followRef(walk: Walk, ref: unknown, field: readonly string[], refs: readonly string[]): unknown {
  const here = [...field, '$ref'];
  if (typeof ref !== 'string' || !ref.startsWith('#/')) {
    report(walk, here, 'must refer to a part of the same schema, as in #/$defs/name');
    return {};
  }
  if (refs.includes(ref)) {
    report(walk, here, `${ref} refers to itself: a plan's schemas cannot be recursive`);
    return {};
  }
  const target = resolvePointer(walk.root, ref);
  if (!isObject(target) && typeof target !== 'boolean') {
    report(walk, here, `${ref} is not in this schema`);
    return {};
  }
  return flatten(walk, target, here, [...refs, ref]);
}

function resolvePointer(root: unknown, ref: string): unknown {
  let at: unknown = root;
  for (const step of ref.slice(2).split('/')) {
    const name = decodePointer(step);
    if (Array.isArray(at)) at = at[Number(name)];
    else if (isObject(at) && Object.hasOwn(at, name)) at = at[name];
    else return undefined;
  }
  return at;
}

function decodePointer(step: string): string {
  try {
    return decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return step;
  }
}
