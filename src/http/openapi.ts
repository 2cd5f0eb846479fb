import { ERRORS } from '../kernel/errors.ts';
import type { Operation } from '../kernel/operation.ts';
import { fieldsOf, type JsonSchema } from '../kernel/schema-fields.ts';
import { schemaOf } from './operation-input.ts';

export interface OpenApiOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters: readonly OpenApiParameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, unknown>>;
  readonly security?: readonly unknown[];
  /** Object and action of the access rule. */
  readonly 'x-access'?: Operation['access'];
}

export interface OpenApiParameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly schema: JsonSchema;
  readonly description?: string;
}

type Content = { readonly 'application/json': { readonly schema: JsonSchema } };

export interface OpenApi {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly security: readonly unknown[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: Readonly<Record<string, unknown>>;
}

/** OpenAPI 3.1 of everything that can be asked, made from the operations. The collection wires have their own page. */
export function openApi(operations: readonly Operation[], version: string): OpenApi {
  const paths: Record<string, Record<string, OpenApiOperation>> = structuredClone(SESSION_PATHS);
  for (const operation of operations) {
    const at = paths[operation.path] ?? {};
    paths[operation.path] = at;
    at[operation.method.toLowerCase()] = described(operation);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Plumbline',
      version,
      description: 'Everything that the console does. Sign in with `Authorization: Bearer <API token>`.',
    },
    security: [{ bearer: [] }, { session: [], console: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'An API token, made on the Settings page.' },
        session: { type: 'apiKey', in: 'cookie', name: 'plumbline_session' },
        console: {
          type: 'apiKey',
          in: 'header',
          name: 'x-plumbline',
          description: '`console`, for changes with a cookie.',
        },
      },
      schemas: { Error: ERROR_SCHEMA },
    },
  };
}

function described(operation: Operation): OpenApiOperation {
  const schema = schemaOf(operation.input, 'input');
  const { properties, required: needed } = fieldsOf(schema);
  const required = new Set(needed);
  const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map((match) => String(match[1]));
  const rest = Object.keys(properties).filter((name) => !inPath.includes(name));
  const hasBody = operation.method !== 'GET' && operation.method !== 'DELETE';
  const parameter = (name: string, where: 'path' | 'query') =>
    parameterOf(name, where, properties[name] ?? {}, required);
  return {
    operationId: operation.name,
    summary: operation.summary,
    tags: [operation.name.split('.')[0] ?? operation.name],
    parameters: [
      ...inPath.map((name) => parameter(name, 'path')),
      ...(hasBody ? [] : rest.map((name) => parameter(name, 'query'))),
    ],
    ...(hasBody && rest.length > 0 ? { requestBody: bodyOf(schema, rest) } : {}),
    responses: {
      '200': { description: 'Done', content: json(withoutDialect(schemaOf(operation.output, 'output'))) },
      default: { description: 'Refused', content: json({ $ref: '#/components/schemas/Error' }) },
    },
    'x-access': operation.access,
  };
}

function parameterOf(
  name: string,
  where: 'path' | 'query',
  schema: JsonSchema,
  required: ReadonlySet<string>,
): OpenApiParameter {
  const { description, ...rest } = schema;
  const said = typeof description === 'string' ? { description } : {};
  return { name, in: where, required: where === 'path' || required.has(name), schema: rest, ...said };
}

function bodyOf(schema: JsonSchema, names: readonly string[]) {
  // A choice between several bodies says for each what it holds.
  if (schema['properties'] === undefined) return { required: true, content: json(withoutDialect(schema)) };
  const { properties, required: needed } = fieldsOf(schema);
  const required = needed.filter((name) => names.includes(name));
  const body = {
    ...withoutDialect(schema),
    properties: Object.fromEntries(names.map((name) => [name, properties[name]])),
    required,
  };
  return { required: required.length > 0, content: json(body) };
}

const withoutDialect = ({ $schema: _, ...schema }: JsonSchema): JsonSchema => schema;

const json = (schema: JsonSchema): Content => ({ 'application/json': { schema } });

const text = { type: 'string' };

const ERROR_SCHEMA = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'help', 'request_id'],
      properties: {
        code: { type: 'string', enum: [...Object.keys(ERRORS), 'internal_error'] },
        message: { ...text, description: 'What happened.' },
        help: { ...text, description: 'What to do.' },
        field: text,
        rule: text,
        limit: { type: 'number' },
        retry_after_s: { type: 'number' },
        issues: {
          type: 'array',
          items: {
            type: 'object',
            required: ['field', 'message'],
            properties: { field: text, message: text },
          },
        },
        request_id: text,
      },
    },
  },
};

const ACTOR = {
  type: ['object', 'null'],
  properties: { id: text, name: text, kind: text, roles: { type: 'array', items: text } },
};

function sessionOperation(
  id: string,
  summary: string,
  input: JsonSchema | null,
  output: JsonSchema,
): OpenApiOperation {
  return {
    operationId: id,
    summary,
    tags: ['session'],
    parameters: [],
    ...(input === null ? {} : { requestBody: { required: true, content: json(input) } }),
    responses: {
      '200': { description: 'Done', content: json({ type: 'object', properties: output }) },
      default: { description: 'Refused', content: json({ $ref: '#/components/schemas/Error' }) },
    },
    security: [],
  };
}

const object = (properties: JsonSchema, required: readonly string[]) => ({
  type: 'object',
  properties,
  required,
});

/** Routes of session-routes.ts. */
const SESSION_PATHS = {
  '/api/session': {
    get: sessionOperation('session.get', 'Who is signed in', null, {
      actor: ACTOR,
      first_run: { type: 'boolean' },
      password_set: { type: 'boolean' },
    }),
    post: sessionOperation(
      'session.create',
      'Sign in with name and password; sets the session cookie',
      object({ name: text, password: text }, ['name', 'password']),
      { actor: ACTOR },
    ),
    delete: sessionOperation('session.delete', 'Sign out', null, { actor: ACTOR }),
  },
  '/api/session/password': {
    post: sessionOperation(
      'session.password',
      'Set your own password; needs the current one once there is one',
      object({ password: text, current: text }, ['password']),
      { actor: ACTOR },
    ),
  },
};
