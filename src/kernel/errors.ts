/**
 * Every refusal to a caller, in one table: code -> HTTP status and what to do. `docs/reference/errors.md` is
 * checked against it. A bug is not in this table: it asserts.
 */
export const ERRORS = {
  invalid_json: { status: 400, help: 'Send one JSON document, encoded as UTF-8.' },
  invalid_utf8: { status: 400, help: 'Encode the body as UTF-8.' },
  invalid_body: { status: 400, help: 'Correct the field named in `details` and send again.' },
  invalid_input: { status: 400, help: 'Correct the fields named in `details` and send again.' },
  too_deep: { status: 400, help: 'Nest objects and arrays no deeper than the limit in `details`.' },
  forbidden_key: {
    status: 400,
    help: 'Rename the key: __proto__, constructor and prototype are not accepted.',
  },
  empty_batch: { status: 400, help: 'Put at least one event into `batch`.' },
  batch_too_long: { status: 400, help: 'Split the batch: the limit is in `details`.' },
  invalid_encoding: {
    status: 400,
    help: 'Send the body as announced by Content-Encoding: gzip, deflate, br or none.',
  },
  unauthorized: { status: 401, help: 'Sign in, or send a valid API token as `Authorization: Bearer …`.' },
  invalid_write_key: { status: 401, help: 'Use a write key shown on the Sources page of the console.' },
  forbidden: { status: 403, help: 'Ask an administrator for the role that the message names.' },
  source_disabled: { status: 404, help: 'Enable the source on the Sources page, or send to another one.' },
  not_found: { status: 404, help: 'Check the name or id.' },
  method_not_allowed: { status: 405, help: 'Use the method in the Allow header.' },
  body_timeout: { status: 408, help: 'Send the body within the time limit.' },
  conflict: { status: 409, help: 'Read the current state and try again.' },
  body_too_large: { status: 413, help: 'Send smaller batches: the limit is in `details`.' },
  unsupported_media_type: { status: 415, help: 'Send application/json or text/plain.' },
  not_ready: { status: 409, help: 'Do what `details` asks for first.' },
  throttled: { status: 429, help: 'Wait as Retry-After says, then send again.' },
  log_unavailable: {
    status: 503,
    help: 'Keep the data and send again after Retry-After: nothing was stored.',
  },
  store_unavailable: { status: 503, help: 'Try again after Retry-After.' },
} as const satisfies Record<string, { status: number; help: string }>;

export type ErrorCode = keyof typeof ERRORS;

export interface ErrorDetails {
  /** One sentence: what happened, for the person who must act. */
  readonly message: string;
  /** Field path, as in `batch[3].timestamp`. */
  readonly field?: string;
  /** The rule that was broken. */
  readonly rule?: string;
  /** Seconds until another try makes sense. */
  readonly retry_after_s?: number;
  readonly limit?: number;
  /** Several refusals at once: field and message of each. */
  readonly issues?: readonly { readonly field: string; readonly message: string }[];
}

/** An expected refusal, on its way to the caller. Anything else thrown is a bug. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  constructor(code: ErrorCode, details: ErrorDetails) {
    super(`${code}: ${details.message}`);
    this.name = 'AppError';
    this.code = code;
    this.details = details;
  }
}

/** A bug, when false: stops the work item. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`);
}
