/**
 * The collection wires on HTTP: CORS for any page, bodies of any content type, answers and refusals. What a wire does
 * is decided by the collect stage; it is handed in as a list.
 */
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify';
import { type BodyLimits, readCollectBody } from './collect-body.ts';
import { errorAnswer } from './error-answer.ts';

export interface CollectWireRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  header(name: string): string;
  headerValues(name: string): readonly string[];
  readonly ip: string;
  readonly protocol: string;
  readonly host: string;
  readonly body: Buffer;
}

export interface CollectWire {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  answer(request: CollectWireRequest): Promise<{
    readonly status: number;
    readonly content_type: string;
    readonly body: string | Buffer;
    readonly headers?: Readonly<Record<string, string>>;
  }>;
}

export interface CollectRoutesOptions {
  readonly wires: readonly CollectWire[];
  /** Of a body, before and after decompression. */
  readonly body_bytes_max: number;
  readonly body_timeout_ms?: number;
}

/** Below the limit of the whole request in server.ts, so that it is this answer that the client reads. */
const BODY_TIMEOUT_MS = 20_000;
const NO_BODY = Buffer.alloc(0);

/** Headers that Segment's and RudderStack's browser clients set, and so ask for before they send. */
const ALLOWED_HEADERS = [
  'authorization',
  'content-type',
  'content-encoding',
  'x-retry-count',
  'anonymousid',
  'sentat',
  'rsa-retry-attempt',
  'rsa-since-last-attempt',
  'rsa-since-first-attempt',
  'rsa-retry-reason',
  'rsa-recovered',
].join(', ');

/** Any page may send: the write key says which source it is, and no cookie is ever read. */
const CORS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'retry-after, x-ratelimit-reset',
  'cross-origin-resource-policy': 'cross-origin',
};
const PREFLIGHT = { 'access-control-allow-headers': ALLOWED_HEADERS, 'access-control-max-age': '86400' };

/** A Fastify plugin for these wires; its parser, hooks and error handler stay inside it. */
export function collectRoutes(options: CollectRoutesOptions): FastifyPluginAsync {
  const { wires, body_bytes_max, body_timeout_ms = BODY_TIMEOUT_MS } = options;
  const limits: BodyLimits = { bytes_max: body_bytes_max, timeout_ms: body_timeout_ms };
  return async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', (request: FastifyRequest, payload: Readable) =>
      readCollectBody(payload, request.headers, limits),
    );
    app.addHook('onRequest', async (_request, reply) => {
      reply.headers(CORS);
    });
    app.setErrorHandler((error, request, reply) => {
      const { status, headers, body, bug } = errorAnswer(error, request.id);
      // The server's own handler logs it.
      if (bug) throw error;
      return reply.code(status).headers(headers).headers(moreHeaders(status, headers)).send(body);
    });
    for (const wire of wires) addWire(app, wire);
    for (const path of new Set(wires.map((wire) => wire.path))) addPreflight(app, path, wires);
  };
}

function addWire(app: FastifyInstance, { method, path, answer }: CollectWire): void {
  app.route({
    method,
    url: path,
    handler: async (request, reply) => {
      const { status, content_type, body, headers } = await answer(wireRequest(request));
      reply.code(status).type(content_type);
      if (headers) reply.headers(headers);
      return reply.send(body);
    },
  });
}

function addPreflight(app: FastifyInstance, path: string, wires: readonly CollectWire[]): void {
  const methods = wires.filter((wire) => wire.path === path).map(({ method }) => method);
  const headers = { ...PREFLIGHT, 'access-control-allow-methods': [...methods, 'OPTIONS'].join(', ') };
  app.options(path, async (_request, reply) => reply.code(204).headers(headers).send());
}

function moreHeaders(status: number, headers: Readonly<Record<string, string>>): Record<string, string> {
  // Segment's contract: seconds until the limit resets.
  if (status === 429) return { 'x-ratelimit-reset': headers['retry-after'] ?? '1' };
  // What is left of a slow body must not be taken for the next request.
  return status === 408 ? { connection: 'close' } : {};
}

function wireRequest(request: FastifyRequest): CollectWireRequest {
  const { headers } = request;
  return {
    params: request.params as Record<string, string>,
    query: lastValues(request.query as Record<string, string | string[]>),
    header: (name) => {
      const value = headers[name];
      return value === undefined ? '' : typeof value === 'string' ? value : (value[0] ?? '');
    },
    headerValues: (name) => {
      const { rawHeaders } = request.raw;
      return rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === name);
    },
    ip: request.ip,
    protocol: request.protocol,
    host: request.host,
    body: Buffer.isBuffer(request.body) ? request.body : NO_BODY,
  };
}

function lastValues(query: Readonly<Record<string, string | string[]>>): Record<string, string> {
  const last: Record<string, string> = {};
  for (const name of Object.keys(query)) {
    const value = query[name];
    const text = Array.isArray(value) ? value.at(-1) : value;
    if (text !== undefined) Object.defineProperty(last, name, { value: text, enumerable: true });
  }
  return last;
}
