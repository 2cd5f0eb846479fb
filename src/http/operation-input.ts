import { z } from 'zod';
import { AppError } from '../kernel/errors.ts';
import { fieldIssues, inWords } from '../kernel/in-words.ts';
import type { Operation } from '../kernel/operation.ts';
import { fieldsOf, type JsonSchema } from '../kernel/schema-fields.ts';

type Issue = ReturnType<typeof fieldIssues>[number];

/** Where an input comes from. Path parameters win over the body, and the body over the query. */
export interface RawInput {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  readonly body: unknown;
}

/** JSON Schema 2020-12 of what an operation takes or gives. */
export const schemaOf = (type: z.ZodType, io: 'input' | 'output'): JsonSchema =>
  z.toJSONSchema(type, { io, unrepresentable: 'any', reused: 'inline' });

/** Checks and types the input of an operation; refuses with `invalid_input` and every issue by field. */
export function createInputReader(operation: Operation): (raw: RawInput) => unknown {
  const schema = schemaOf(operation.input, 'input');
  const { properties } = fieldsOf(schema);
  const is_closed = schema['properties'] !== undefined && schema['additionalProperties'] === undefined;
  /** A misspelt field must not be taken for one that was left out: that may mean "all". */
  const strangers = (values: object): readonly Issue[] =>
    (is_closed ? Object.keys(values) : [])
      .filter((field) => !Object.hasOwn(properties, field))
      .map((field) => ({ field, message: `is not known here; ${takes(Object.keys(properties))}` }));
  const typed = (values: RawInput['query']) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, fromText(value, properties[key])]));

  return ({ params, query, body }) => {
    if (body !== undefined && (body === null || typeof body !== 'object' || Array.isArray(body))) {
      throw new AppError('invalid_input', { message: 'The body must be a JSON object.', field: 'body' });
    }
    const merged = { ...typed(query), ...body, ...typed(params) };
    const result = operation.input.safeParse(merged, { error: inWords });
    const issues = [...strangers(merged), ...fieldIssues(result.error)];
    if (result.success && issues.length === 0) return result.data;
    const fields = [...new Set(issues.map((issue) => issue.field))].join(', ');
    throw new AppError('invalid_input', {
      message: `Not accepted: ${fields}.`,
      ...(issues[0] === undefined ? {} : { field: issues[0].field }),
      issues,
    });
  };
}

const takes = (fields: readonly string[]): string =>
  fields.length === 0 ? 'this takes no fields' : `the fields are ${fields.join(', ')}`;

/** A text from the path or query as the schema wants it; text that does not fit stays text, for the check to name. */
function fromText(value: string | readonly string[], schema: JsonSchema | undefined): unknown {
  const types = typesOf(schema);
  if (types.has('array')) {
    const items = schema?.['items'] as JsonSchema | undefined;
    const list = typeof value === 'string' ? value.split(',').filter((text) => text !== '') : value;
    return list.map((text) => fromText(text, items));
  }
  if (typeof value !== 'string') return value;
  if (types.has('string') || types.size === 0) return value;
  if ((types.has('number') || types.has('integer')) && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value))
    return Number(value);
  if (types.has('boolean') && (value === 'true' || value === 'false')) return value === 'true';
  if (types.has('null') && value === 'null') return null;
  return value;
}

function typesOf(schema: JsonSchema | undefined): ReadonlySet<string> {
  if (schema === undefined) return new Set();
  const own = [schema['type'] ?? []].flat().map(String);
  const branches = [schema['anyOf'] ?? [], schema['oneOf'] ?? []].flat() as JsonSchema[];
  return new Set([...own, ...branches.flatMap((branch) => [...typesOf(branch)])]);
}
