import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import type { OpenApi, OpenApiOperation } from '../http/openapi.ts';
import { fieldsOf } from '../kernel/schema-fields.ts';
import { type ConnectOptions, createApiClient } from './api-client.ts';
import { CliError, type Io } from './io.ts';
import { answerText } from './table.ts';

type Schema = Readonly<Record<string, unknown>>;

/** One value that an operation takes. */
interface Input {
  readonly name: string;
  readonly in: 'path' | 'query' | 'body';
  readonly required: boolean;
  readonly schema: Schema;
}

/** Options of the program itself; an input with such a name gets a longer flag. */
const RESERVED = new Set(['url', 'token', 'data', 'json', 'input', 'help', 'version']);

/** A verb for each operation that the server has: `sources.create` reads `plumbline sources create`. */
export function addApiCommands(program: Command, api: OpenApi, io: Io): void {
  const groups = new Map<string, Command>();
  const verbs = Object.entries(api.paths)
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    )
    .filter(({ operation }) => operation['x-access'] !== undefined)
    .sort((a, b) => (a.operation.operationId < b.operation.operationId ? -1 : 1));

  for (const { path, method, operation } of verbs) {
    const words = operation.operationId.replaceAll('_', '-').split('.');
    const verb = words.pop() ?? '';
    const parent = words.reduce((above, word) => groupOf(groups, above, word), program);
    // `plumbline sources` alone is the list, and a noun with one verb needs no verb.
    const alone =
      verbs.filter(({ operation: other }) => groupName(other) === groupName(operation)).length === 1;
    const command = parent.command(verb, { isDefault: parent !== program && (alone || verb === 'list') });
    if (parent !== program) parent.summary(parent.commands.map((each) => each.name()).join(', '));
    describe(command, operation, async (values, options) => {
      const request = requestOf(path, method, inputsOf(operation), values);
      const client = createApiClient(options, io.env);
      const answer = await client.call(request.method, request.path, request.body);
      io.out(options.json ? JSON.stringify(answer) : answerText(answer));
    });
  }
}

const groupName = ({ operationId }: OpenApiOperation): string =>
  operationId.slice(0, operationId.lastIndexOf('.'));

function groupOf(groups: Map<string, Command>, above: Command, word: string): Command {
  const key = `${above.name()} ${word}`;
  const group = groups.get(key) ?? above.command(word);
  groups.set(key, group);
  return group;
}

interface Options extends ConnectOptions {
  readonly json?: boolean;
  readonly input?: string;
}

type Run = (values: Readonly<Record<string, unknown>>, options: Options) => Promise<void>;

function describe(command: Command, operation: OpenApiOperation, run: Run): void {
  const inputs = inputsOf(operation);
  const named = inputs.filter((input) => input.in === 'path');
  const flags = inputs
    .filter((input) => input.in !== 'path')
    .map((input) => ({ input, option: optionOf(input) }));
  command.description(operation.summary);
  for (const input of named) command.argument(`<${input.name}>`, describedBy(input.schema));
  for (const { option } of flags) command.addOption(option);
  if (operation.requestBody !== undefined)
    command.option('--input <json>', 'the whole body: JSON, @file, or - for standard input');

  command.action(async (...args: unknown[]) => {
    const options = command.optsWithGlobals<Options>();
    const given = command.opts<Record<string, unknown>>();
    const values: Record<string, unknown> = { ...wholeBody(options.input) };
    named.forEach((input, i) => {
      values[input.name] = args[i];
    });
    for (const { input, option } of flags) {
      const text = given[option.attributeName()];
      if (text !== undefined) values[input.name] = valueFrom(text, input);
    }
    const missing = flags.filter(({ input }) => input.required && values[input.name] === undefined);
    if (missing.length > 0)
      throw new CliError(`Missing: ${missing.map(({ option }) => option.long).join(', ')}.`);
    await run(values, options);
  });
}

function optionOf({ name, schema, required }: Input): Option {
  const flag = name.replaceAll('_', '-');
  const long = RESERVED.has(flag) ? `--input-${flag}` : `--${flag}`;
  const types = typesOf(schema);
  const yesNo = types.has('boolean') && types.size === 1;
  const hint = ` ${yesNo ? '[true|false]' : `<${types.has('object') ? 'json' : ([...types].find((t) => t !== 'null') ?? 'json')}>`}`;
  const option = new Option(
    `${long}${hint}`,
    `${describedBy(schema)}${required ? ' (required)' : ''}`.trim(),
  );
  return yesNo ? option.preset('true') : option;
}

function inputsOf(operation: OpenApiOperation): readonly Input[] {
  const body = operation.requestBody?.content['application/json'].schema ?? {};
  const { properties, required: needed } = fieldsOf(body);
  const required = new Set(needed);
  return [
    ...operation.parameters.map(({ name, in: place, required: must, schema, description }) => ({
      name,
      in: place,
      required: must,
      schema: { ...schema, description },
    })),
    ...Object.entries(properties).map(([name, schema]) => ({
      name,
      in: 'body' as const,
      required: required.has(name),
      schema,
    })),
  ];
}

function requestOf(
  path: string,
  method: string,
  inputs: readonly Input[],
  values: Readonly<Record<string, unknown>>,
) {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name])));
  const query = new URLSearchParams();
  for (const { name } of inputs.filter((input) => input.in === 'query' && values[input.name] !== undefined)) {
    query.set(name, String(values[name]));
  }
  const inPath = new Set(inputs.filter((input) => input.in !== 'body').map((input) => input.name));
  const body = Object.fromEntries(Object.entries(values).filter(([name]) => !inPath.has(name)));
  const takesBody = method !== 'get' && method !== 'delete';
  const target = query.size === 0 ? filled : `${filled}?${query}`;
  return { method: method.toUpperCase(), path: target, body: takesBody ? body : undefined };
}

/** A flag's text as the schema wants it: JSON (or @file) for objects, lists by comma, numbers and yes or no. */
function valueFrom(text: unknown, { name, in: place, schema }: Input): unknown {
  if (typeof text !== 'string' || place === 'query') return text;
  const types = typesOf(schema);
  if (types.has('string')) return text === 'null' && types.has('null') ? null : text;
  if (types.has('array') && !/^\s*[[@]/.test(text)) return text.split(',').map((part) => part.trim());
  return fromJson(text.startsWith('@') ? readText(text.slice(1)) : text, name);
}

function wholeBody(text: string | undefined): Readonly<Record<string, unknown>> {
  if (text === undefined) return {};
  const json = text === '-' ? readText(0) : text.startsWith('@') ? readText(text.slice(1)) : text;
  const value = fromJson(json, 'input');
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new CliError('--input must be a JSON object.');
  return value as Readonly<Record<string, unknown>>;
}

function fromJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CliError(`${name} must be JSON, for example {"a": 1} or 5.`);
  }
}

function readText(file: string | 0): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new CliError(`Cannot read ${file === 0 ? 'standard input' : file}.`);
  }
}

function typesOf(schema: Schema): ReadonlySet<string> {
  const branches = [schema['anyOf'] ?? [], schema['oneOf'] ?? []].flat() as Schema[];
  return new Set([
    ...[schema['type'] ?? []].flat().map(String),
    ...branches.flatMap((branch) => [...typesOf(branch)]),
  ]);
}

function describedBy(schema: Schema): string {
  const { description, enum: choices, default: preset } = schema;
  const parts = [
    typeof description === 'string' ? description : '',
    Array.isArray(choices) ? `one of ${choices.join(', ')}` : '',
    preset === undefined ? '' : `default ${JSON.stringify(preset)}`,
  ];
  return parts.filter((part) => part !== '').join('; ');
}
