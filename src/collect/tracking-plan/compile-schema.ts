import { Ajv2020, type ErrorObject, type Options, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { judgePattern } from '../../kernel/safe-pattern.ts';
import { FORMATS, flattenSchema, type JsonObject, type SchemaProblem } from './flatten-schema.ts';

/** Longer text never has a format: no address or date is longer, and the check stays cheap. */
const MAX_FORMAT_CHARACTERS = 8_192;
/** Larger values are answered with their first violation only, so that a huge broken event cannot fill the memory. */
const MAX_LISTED_VALUES = 10_000;

export interface CompiledSchema {
  /** Cheap; most events stop here. */
  holds(value: unknown): boolean;
  /** Every violation of a value that does not hold, or the first one of a very large value (`complete` is false). */
  violations(value: unknown): { readonly errors: readonly ErrorObject[]; readonly complete: boolean };
}

export type SchemaCompilation =
  | { readonly is: 'compiled'; readonly schema: CompiledSchema }
  | { readonly is: 'refused'; readonly problems: readonly SchemaProblem[] };

/** About 3 ms each to compile, so an edit of one event must not compile the whole plan again. */
const MAX_REMEMBERED = 2_000;
const remembered = new Map<string, SchemaCompilation>();

/** Compiles a schema for the properties or traits of an event; refuses what flattenSchema() and JSON Schema refuse. */
export function compileSchema(schema: unknown): SchemaCompilation {
  const text = JSON.stringify(schema) ?? '';
  const result = remembered.get(text) ?? compileNew(schema);
  remembered.delete(text);
  remembered.set(text, result);
  const oldest = remembered.keys().next().value;
  if (remembered.size > MAX_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
  return result;
}

function compileNew(schema: unknown): SchemaCompilation {
  const flat = flattenSchema(schema);
  if (flat.is === 'refused') return flat;
  const shape = shapeProblems(flat.schema);
  if (shape.length > 0) return { is: 'refused', problems: shape };
  try {
    const first = firstOnly.compile(flat.schema);
    firstOnly.removeSchema(flat.schema);
    return { is: 'compiled', schema: bothWays(flat.schema, first) };
  } catch (error) {
    // Strict mode: keywords that would be ignored, such as `then` without `if`.
    const message = error instanceof Error ? error.message.replace(/^strict mode: /, '') : String(error);
    return { is: 'refused', problems: [{ field: '', message }] };
  }
}

function bothWays(schema: JsonObject, first: ValidateFunction): CompiledSchema {
  let every: ValidateFunction | undefined;
  return {
    holds: (value) => first(value),
    violations: (value) => {
      if (countValues(value, MAX_LISTED_VALUES) >= MAX_LISTED_VALUES) {
        first(value);
        return { errors: first.errors ?? [], complete: false };
      }
      if (every === undefined) {
        every = all.compile(schema);
        all.removeSchema(schema);
      }
      every(value);
      return { errors: every.errors ?? [], complete: true };
    },
  };
}

/** Values inside `value`, counted up to `limit`. */
function countValues(value: unknown, limit: number): number {
  if (typeof value !== 'object' || value === null) return 1;
  let count = 1;
  for (const child of Object.values(value)) {
    if (count >= limit) break;
    count += countValues(child, limit - count);
  }
  return count;
}

function shapeProblems(schema: JsonObject): SchemaProblem[] {
  if (firstOnly.validateSchema(schema) === true) return [];
  const problems = (firstOnly.errors ?? []).map((error) => ({
    field: error.instancePath.slice(1).replaceAll('/', '.'),
    message: `${error.message ?? 'is not valid JSON Schema'}${error.keyword === 'enum' ? `: ${error.params['allowedValues'].join(', ')}` : ''}`,
  }));
  // `type: wat` breaks three rules of the meta-schema at one place; the first one is the clearest.
  return [...new Map(problems.reverse().map((problem) => [problem.field, problem])).values()].reverse();
}

const SHARED: Options = {
  strict: true,
  strictTypes: false,
  strictTuples: false,
  strictRequired: false,
  coerceTypes: false,
  useDefaults: false,
  addUsedSchema: false,
  validateSchema: false,
  ownProperties: true,
  logger: false,
  // 12.35 is a multiple of 0.01, which binary fractions alone would deny.
  multipleOfPrecision: 6,
  code: { regExp: Object.assign(boundedRegExp, { code: 'boundedRegExp' }) },
};

const firstOnly = withFormats(new Ajv2020(SHARED));
const all = withFormats(new Ajv2020({ ...SHARED, allErrors: true }));

function withFormats(ajv: Ajv2020): Ajv2020 {
  for (const name of FORMATS) {
    const format = formats.default.get(name);
    const matches =
      typeof format === 'function'
        ? format
        : format instanceof RegExp
          ? (text: string) => format.test(text)
          : undefined;
    const validate = matches ?? (format as { validate: (text: string) => boolean }).validate;
    ajv.addFormat(name, {
      type: 'string',
      validate: (text: string) => text.length <= MAX_FORMAT_CHARACTERS && validate(text),
    });
  }
  return ajv;
}

/** The text limit of the pattern is part of the test: see safe-pattern.ts. */
function boundedRegExp(pattern: string, flags: string): { test(text: string): boolean } {
  const expression = new RegExp(pattern, flags);
  const verdict = judgePattern(pattern);
  const limit = verdict.is === 'safe' ? verdict.max_text_characters : 0;
  return { test: (text) => text.length <= limit && expression.test(text) };
}
