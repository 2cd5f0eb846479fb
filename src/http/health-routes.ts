import type { FastifyInstance } from 'fastify';
import { AppError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import { type Authenticate, credentialsOf } from './requester.ts';

/** One condition for taking traffic; rejects when it does not hold. */
export interface ReadinessCheck {
  readonly name: string;
  run(): Promise<void>;
}

/** What prom-client's Registry has. */
export interface Metrics {
  readonly contentType: string;
  metrics(): Promise<string>;
}

interface Options {
  readonly checks: readonly ReadinessCheck[];
  readonly metrics: Metrics;
  readonly authenticate: Authenticate;
  readonly logger: Logger;
}

const CHECK_TIMEOUT_MS = 5_000;

/** For the machines that watch: alive, ready, numbers. */
export function mountHealth(app: FastifyInstance, { checks, metrics, authenticate, logger }: Options): void {
  app.get('/healthz', async (_, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }));

  let running: Promise<Result[]> | undefined;
  app.get('/readyz', async (_, reply) => {
    // Checks commit to disk: whoever asks meanwhile shares the answer.
    running ??= Promise.all(checks.map((check) => result(check, logger))).finally(() => {
      running = undefined;
    });
    const results = await running;
    const ready = results.every((r) => r.ok);
    if (!ready) reply.header('retry-after', '5');
    return reply
      .code(ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status: ready ? 'ready' : 'not_ready', checks: results });
  });

  app.get('/metrics', async (request, reply) => {
    const credentials = credentialsOf(request);
    if (!credentials.loopback && (await authenticate(credentials)) === null) {
      throw new AppError('unauthorized', { message: 'From another machine, metrics need an API token.' });
    }
    return reply.header('content-type', metrics.contentType).send(await metrics.metrics());
  });
}

interface Result {
  readonly name: string;
  readonly ok: boolean;
}

/** Says which check failed, to anybody; why is in the log. */
async function result({ name, run }: ReadinessCheck, logger: Logger): Promise<Result> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('no answer in time')), CHECK_TIMEOUT_MS);
  try {
    await Promise.race([run(), late]);
    return { name, ok: true };
  } catch (error) {
    logger.warn(
      { check: name, error: error instanceof Error ? error.message : 'unknown' },
      'readiness check failed',
    );
    return { name, ok: false };
  } finally {
    clearTimeout(timer);
  }
}
