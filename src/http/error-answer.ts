import { AppError, ERRORS, type ErrorCode, type ErrorDetails } from '../kernel/errors.ts';

export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { readonly error: Readonly<Record<string, unknown>> };
  /** A bug of ours, to be logged with its stack. */
  readonly bug: boolean;
}

/** Refusals by Fastify itself, said in our words. */
const FASTIFY_CODES: Readonly<Record<string, { code: ErrorCode; message: string }>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'body_too_large', message: 'The body is larger than the limit.' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'unsupported_media_type',
    message: 'This Content-Type is not accepted here.',
  },
  FST_ERR_CTP_EMPTY_TYPE: { code: 'unsupported_media_type', message: 'The Content-Type is missing.' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    code: 'invalid_body',
    message: 'The body is not as long as Content-Length says.',
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: { code: 'invalid_json', message: 'The body is empty.' },
  FST_ERR_CTP_INVALID_JSON_BODY: { code: 'invalid_json', message: 'The body is not JSON.' },
  FST_ERR_BAD_URL: { code: 'invalid_input', message: 'The path is not correctly encoded.' },
  FST_ERR_MAX_PARAM_LENGTH: { code: 'invalid_input', message: 'A part of the path is too long.' },
};

/** The one mapping from errors to answers. Anything unknown is a bug: 500, without a word about its inside. */
export function errorAnswer(error: unknown, request_id: string): ErrorAnswer {
  if (error instanceof AppError) return refusal(error.code, error.details, request_id);
  const known = FASTIFY_CODES[codeOf(error)];
  if (known !== undefined) return refusal(known.code, { message: known.message }, request_id);
  const help = 'Try again. When it happens again, report it with the request id.';
  const message = 'Something went wrong in Plumbline itself.';
  const body = { error: { code: 'internal_error', message, help, request_id } };
  return { status: 500, headers: {}, body, bug: true };
}

function refusal(code: ErrorCode, details: ErrorDetails, request_id: string): ErrorAnswer {
  const { status, help } = ERRORS[code];
  const { message, retry_after_s, ...rest } = details;
  const headers: Record<string, string> = {};
  const wait_s = retry_after_s ?? (status === 503 ? 5 : undefined);
  if (wait_s !== undefined) headers['retry-after'] = String(wait_s);
  if (status === 401) headers['www-authenticate'] = 'Bearer';
  const waiting = retry_after_s === undefined ? {} : { retry_after_s };
  return {
    status,
    headers,
    body: { error: { code, message, ...rest, ...waiting, help, request_id } },
    bug: false,
  };
}

const codeOf = (error: unknown): string =>
  error !== null && typeof error === 'object' && 'code' in error ? String(error.code) : '';
