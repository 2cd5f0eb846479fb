import compress from '@fastify/compress';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyPluginAsync,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { Clock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Operation } from '../kernel/operation.ts';
import { docsPage } from './docs-page.ts';
import { errorAnswer } from './error-answer.ts';
import { type Metrics, mountHealth, type ReadinessCheck } from './health-routes.ts';
import { readJson } from './json-body.ts';
import { openApi } from './openapi.ts';
import { type Gate, mountOperations } from './operation-routes.ts';
import { createRouteTable } from './route-table.ts';
import { CONTENT_SECURITY } from './security-headers.ts';
import { mountSession, type SignIn } from './session-routes.ts';
import { mountConsole } from './static-console.ts';

export interface ServerOptions extends Gate {
  readonly operations: readonly Operation[];
  readonly signIn: SignIn;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly checks: readonly ReadinessCheck[];
  /** Folder of the built console; it need not exist. */
  readonly console_dir: string;
  readonly version: string;
  /** Other routes, as the collection wires, each in its own scope: none of the API's parsers and headers apply. */
  readonly plugins: readonly FastifyPluginAsync[];
  /** Addresses of proxies whose X-Forwarded headers are believed; none by default. */
  readonly trust_proxy?: readonly string[];
  /** Hold every answer against its schema; for tests. */
  readonly check_output?: boolean;
}

const API_BODY_MAX_BYTES = 8 * 1024 * 1024;
/** Node's own limit. */
const HEAD_MAX_BYTES = 16 * 1024;
/** A whole request, head and body, must arrive within this time. */
const REQUEST_TIMEOUT_MS = 30_000;

/** The one HTTP server: API, sign-in, health, console and what the plugins add. It does not listen yet. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { logger, plugins, trust_proxy = [] } = options;
  const app = fastify({
    logger: false,
    trustProxy: trust_proxy.length === 0 ? false : [...trust_proxy],
    bodyLimit: API_BODY_MAX_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    // Node refuses longer heads anyway: what an operation takes is said by its own schema, in its own words.
    routerOptions: { maxParamLength: HEAD_MAX_BYTES },
    frameworkErrors: (error, request, reply) => {
      const { status, headers, body } = errorAnswer(error, request.id);
      void (reply as FastifyReply).code(status).headers(headers).send(body);
    },
    genReqId: requestIds(options.clock),
    // Node looks for late requests every 30 s by default: too rarely to hold the limit above.
    http: { connectionsCheckingInterval: 5_000 },
    clientErrorHandler: refuseBrokenRequest,
  });
  const routes = createRouteTable(app);

  app.setErrorHandler((error: FastifyError, request, reply) => {
    const answer = errorAnswer(error, request.id);
    if (answer.bug) logger.error({ ...where(request), stack: stackOf(error) }, 'request failed: a bug');
    return reply.code(answer.status).headers(answer.headers).send(answer.body);
  });

  await app.register(cookie);
  await app.register(helmet, { global: false, ...CONTENT_SECURITY });
  for (const plugin of plugins) await app.register(async (scope) => plugin(scope, {}));
  await app.register((scope) => mountOwn(scope, options, (url) => routes.methodsOf(url).length > 0));

  app.setNotFoundHandler(async (request, reply) => {
    await reply.helmet();
    const allowed = routes.methodsOf(request.url);
    if (allowed.length > 0 && !allowed.includes(request.method)) {
      reply.header('allow', allowed.join(', '));
      throw new AppError('method_not_allowed', { message: `This path takes ${allowed.join(', ')}.` });
    }
    throw new AppError('not_found', { message: 'There is nothing at this address.' });
  });
  return app;
}

/** API and console, with our JSON parser, security headers, compression and a log line for each request. */
async function mountOwn(
  app: FastifyInstance,
  options: ServerOptions,
  taken: (url: string) => boolean,
): Promise<void> {
  await app.register(compress, { globalDecompression: false, threshold: 1_024, encodings: ['br', 'gzip'] });
  app.addHook('onRequest', async (request, reply) => {
    await reply.helmet();
    reply.header('x-request-id', request.id).header('cache-control', 'no-store');
  });
  app.addHook('onResponse', async (request, reply) => {
    const duration_ms = Math.round(reply.elapsedTime * 10) / 10;
    options.logger.debug({ ...where(request), status: reply.statusCode, duration_ms }, 'request');
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      refuseCompressed(request);
      done(null, readJson(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });

  const sendPage = await mountConsole(app, { dist: options.console_dir, taken });
  mountSession(app, { ...options, sendPage });
  mountOperations(app, { ...options, check_output: options.check_output ?? false });
  mountHealth(app, options);

  const api = openApi(options.operations, options.version);
  const html = docsPage(api);
  app.get('/api/openapi.json', async () => api);
  app.get('/api/docs', async (_, reply) => reply.type('text/html; charset=utf-8').send(html));
}

function refuseCompressed(request: FastifyRequest): void {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity') return;
  throw new AppError('invalid_encoding', {
    message: 'Compressed bodies are taken on the collection routes only.',
  });
}

/** The route's pattern, never the URL: that one may carry identifiers of people. */
const where = (request: FastifyRequest) => ({
  request_id: request.id,
  method: request.method,
  route: request.routeOptions.url ?? 'none',
});

const stackOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : typeof error;

/** Unique within the start and across starts, and cheap enough for every event. */
function requestIds(clock: Clock): () => string {
  const start = clock.now_ms().toString(36);
  let count = 0;
  return () => `${start}-${(++count).toString(36)}`;
}

/** What arrives is not HTTP, or arrives too slowly: there is no request to answer, only a socket. */
function refuseBrokenRequest(error: NodeJS.ErrnoException, socket: import('node:net').Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const late = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  const tooLarge = error.code === 'HPE_HEADER_OVERFLOW';
  const refusal = late
    ? new AppError('body_timeout', { message: 'The request did not arrive whole in time.' })
    : new AppError('invalid_input', {
        message: tooLarge ? 'The headers are too large.' : 'This is not valid HTTP.',
      });
  const status = late
    ? '408 Request Timeout'
    : tooLarge
      ? '431 Request Header Fields Too Large'
      : '400 Bad Request';
  const body = JSON.stringify(errorAnswer(refusal, 'none').body);
  if (socket.writable) {
    const head = `HTTP/1.1 ${status}\r\ncontent-type: application/json; charset=utf-8\r\nconnection: close\r\n`;
    socket.write(`${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }
  socket.destroySoon();
}
