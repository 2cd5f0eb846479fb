import type { z } from 'zod';

/** Who asks. `roles` are checked by govern's `allow()`; the kernel only carries them. */
export interface Actor {
  readonly id: string;
  readonly name: string;
  readonly kind: 'user' | 'token' | 'local' | 'system';
  readonly roles: readonly string[];
}

export interface OperationContext {
  readonly actor: Actor;
  readonly request_id: string;
}

/** `object` and `action` of the access rule, for example `sources` and `write`. */
export interface Access {
  readonly action: 'read' | 'write';
  readonly object: string;
}

/**
 * What can be asked from outside, as data. The HTTP route, the OpenAPI page, the CLI verb, the access check and the
 * audit entry are all made from it.
 */
export interface Operation {
  /** `noun.verb`, unique, for example `sources.create`; the CLI reads `plumbline sources create`. */
  readonly name: string;
  readonly summary: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path below the root with `{name}` parameters, for example `/api/sources/{id}`. */
  readonly path: string;
  /** Path parameters, query and body, merged into one object, checked before the handler runs. */
  readonly input: z.ZodType;
  readonly output: z.ZodType;
  readonly access: Access;
  /** Written to the audit log with these input fields; fields with personal data or secrets stay out. */
  readonly audit?: readonly string[];
  handle(input: unknown, context: OperationContext): Promise<unknown>;
}

interface OperationSpec<I extends z.ZodType, O extends z.ZodType> {
  name: string;
  summary: string;
  method: Operation['method'];
  path: string;
  input: I;
  output: O;
  access: Access;
  audit?: readonly (keyof z.infer<I> & string)[];
  handle(input: z.infer<I>, context: OperationContext): Promise<z.input<O>>;
}

/** Keeps the types of input and output tied to their schemas at the place of writing. */
export function defineOperation<I extends z.ZodType, O extends z.ZodType>(
  spec: OperationSpec<I, O>,
): Operation {
  return { ...spec, handle: (input, context) => spec.handle(input as z.infer<I>, context) };
}
