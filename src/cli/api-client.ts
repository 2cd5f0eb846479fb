import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliError, type Io } from './io.ts';

export interface ConnectOptions {
  readonly url?: string;
  readonly token?: string;
  readonly data?: string;
}

export interface ApiClient {
  readonly url: string;
  /** Calls the API; refusals and silence become a CliError that says what to do. */
  call<T>(method: string, path: string, body?: unknown): Promise<T>;
}

const DEFAULT_URL = 'http://127.0.0.1:4700';
/** Where `serve` and `demo` keep their data unless told otherwise. */
const DATA_FOLDERS = ['./data', './data/demo'];

export function createApiClient(options: ConnectOptions, env: Io['env']): ApiClient {
  const url = options.url ?? env['PLUMBLINE_URL'] ?? DEFAULT_URL;
  if (!URL.canParse(url)) throw new CliError(`Not an address: ${url}. Write it like ${DEFAULT_URL}.`);
  const given = options.token ?? env['PLUMBLINE_TOKEN'];
  const data = options.data ?? env['PLUMBLINE_DATA'];
  const tokens = given === undefined ? localTokens(url, data === undefined ? DATA_FOLDERS : [data]) : [given];

  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    let response = await send(url, tokens[0], { method, path, body });
    // Several folders may hold a token, one of them of the server that answers.
    for (const token of tokens.slice(1)) {
      if (response.status === 401) response = await send(url, token, { method, path, body });
    }
    const text = await response.text();
    if (!response.ok) throw new CliError(refusal(response.status, text, tokens.length === 0));
    return parsed(text, url) as T;
  };
  return { url, call };
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

async function send(url: string, token: string | undefined, { method, path, body }: Call): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
  if (body !== undefined) headers['content-type'] = 'application/json';
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  return fetch(new URL(path, url), init).catch(() => {
    throw new CliError(
      `Nothing answers at ${url}. Start Plumbline with \`plumbline serve\`, or name another --url.`,
    );
  });
}

/** Tokens that servers left in their data folders; for this machine only, and never sent anywhere else. */
function localTokens(url: string, folders: readonly string[]): readonly string[] {
  if (!/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname)) return [];
  return folders.flatMap((folder) => {
    try {
      return [readFileSync(join(folder, 'local-token'), 'utf8').trim()];
    } catch {
      return [];
    }
  });
}

function parsed(text: string, url: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CliError(`What answers at ${url} is not Plumbline.`);
  }
}

interface Refusal {
  readonly error?: {
    readonly message?: string;
    readonly help?: string;
    readonly code?: string;
    readonly request_id?: string;
    readonly issues?: readonly { readonly field: string; readonly message: string }[];
  };
}

function refusal(status: number, text: string, no_token: boolean): string {
  let error: Refusal['error'];
  try {
    error = (JSON.parse(text) as Refusal).error;
  } catch {
    error = undefined;
  }
  if (error === undefined) return `The server answered ${status}.`;
  const issues = (error.issues ?? []).map((issue) => `  ${issue.field}: ${issue.message}`);
  const hint =
    status === 401 && no_token
      ? "Give --token, set PLUMBLINE_TOKEN, or name the server's data folder with --data."
      : (error.help ?? '');
  return [`${error.message ?? error.code ?? status}`, ...issues, hint, `(request ${error.request_id})`]
    .filter((line) => line !== '')
    .join('\n');
}
