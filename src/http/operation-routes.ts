import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError, assert } from '../kernel/errors.ts';
import type { Access, Actor, Operation } from '../kernel/operation.ts';
import { createInputReader } from './operation-input.ts';
import { type Authenticate, requireActor } from './requester.ts';

/** What govern supplies; said here because http knows nothing of the stages. */
export interface Gate {
  readonly authenticate: Authenticate;
  allow(
    actor: Actor,
    access: Access,
  ): { readonly allowed: true } | { readonly allowed: false; readonly reason: string };
  readonly audit: {
    record(entry: {
      readonly actor: Actor;
      readonly action: string;
      readonly object: string;
      readonly details: Readonly<Record<string, unknown>>;
    }): Promise<void>;
  };
  /** Names of operations that write their own audit entries, in one transaction with the change. */
  readonly self_audited: ReadonlySet<string>;
}

interface Options extends Gate {
  readonly operations: readonly Operation[];
  /** Also hold every answer against its schema; for tests. */
  readonly check_output: boolean;
}

/** One route for each operation: who, may they, is the input sound, do it, write it down. */
export function mountOperations(app: FastifyInstance, { operations, ...options }: Options): void {
  assert(new Set(operations.map((o) => o.name)).size === operations.length, 'two operations have one name');
  for (const operation of operations) mount(app, operation, options);
}

function mount(app: FastifyInstance, operation: Operation, options: Omit<Options, 'operations'>): void {
  const { authenticate, allow, audit, check_output } = options;
  const readInput = createInputReader(operation);
  const audited =
    operation.audit !== undefined ||
    (operation.access.action === 'write' && !options.self_audited.has(operation.name));

  const handler = async (request: FastifyRequest): Promise<unknown> => {
    const actor = await requireActor(request, authenticate);
    const verdict = allow(actor, operation.access);
    if (!verdict.allowed) {
      await audit.record({
        actor,
        action: `${operation.name}.refused`,
        object: operation.access.object,
        details: {},
      });
      throw new AppError('forbidden', { message: verdict.reason, rule: 'access' });
    }
    const input = readInput({
      params: request.params as Record<string, string>,
      query: request.query as Record<string, string | string[]>,
      body: request.body,
    });
    const output = await operation.handle(input, { actor, request_id: request.id });
    if (audited) {
      const details = picked(input, operation.audit ?? []);
      await audit.record({ actor, action: operation.name, object: operation.access.object, details });
    }
    return check_output ? operation.output.parse(output) : output;
  };

  const url = operation.path.replaceAll(/\{(\w+)\}/g, ':$1');
  app.route({ method: operation.method, url, handler });
}

function picked(input: unknown, fields: readonly string[]): Readonly<Record<string, unknown>> {
  const values = input as Readonly<Record<string, unknown>>;
  return Object.fromEntries(fields.filter((f) => values[f] !== undefined).map((f) => [f, values[f]]));
}
