/** The server's refusal, or a failure to reach it (`status` 0), as the console shows it. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  /** What the person can do about it. */
  readonly help: string;
  readonly request_id: string;
  readonly field: string;
  readonly issues: readonly { readonly field: string; readonly message: string }[];

  constructor(status: number, body: ErrorBody) {
    super(body.message ?? `The server answered ${status}.`);
    this.name = 'ApiError';
    this.status = status;
    this.code = body.code ?? 'unknown';
    this.help = body.help ?? '';
    this.request_id = body.request_id ?? '';
    this.field = body.field ?? '';
    this.issues = body.issues ?? [];
  }
}

interface ErrorBody {
  readonly code?: string;
  readonly message?: string;
  readonly help?: string;
  readonly field?: string;
  readonly request_id?: string;
  readonly issues?: readonly { readonly field: string; readonly message: string }[];
}

export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Path with its query; empty values are left out. */
export function address(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') parameters.set(key, String(value));
  }
  const text = parameters.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** Throws ApiError. The type is the caller's promise: the server's answers are described at /api/docs. */
export function getJson<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  return request<T>(address(path, query), signal === undefined ? {} : { signal });
}

/** Throws ApiError. The header keeps other sites from sending in the person's name. */
export function sendJson<T>(
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<T> {
  const headers: Record<string, string> = { 'x-plumbline': 'console' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  return request<T>(path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
}

async function request<T>(path: string, options: RequestInit): Promise<T> {
  const response = await fetch(path, { ...options, credentials: 'same-origin' }).catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiError(0, {
      code: 'unreachable',
      message: 'The Plumbline server cannot be reached.',
      help: 'Check that it is running and that this device is online; the page tries again by itself.',
    });
  });
  const text = await response.text();
  const body = parseBody(text);
  if (!response.ok) {
    const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : {};
    throw new ApiError(response.status, error as ErrorBody);
  }
  return body as T;
}

function parseBody(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError(502, {
      code: 'not_json',
      message: 'The server answered with something other than JSON.',
      help: 'A proxy in between may have answered instead; try again.',
    });
  }
}
