/** Starts and stops the program. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyPluginAsync } from 'fastify';
import { closeGracefully } from '../http/close-gracefully.ts';
import { collectRoutes } from '../http/collect-routes.ts';
import { listenHost } from '../http/listen-host.ts';
import { createServer } from '../http/server.ts';
import { systemClock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import { buildPages, CONSOLE_FOLDER } from './built-pages.ts';
import { type App, compose } from './compose.ts';
import { type Config, readConfig } from './config.ts';
import { createJobRunner } from './jobs.ts';
import { createLogger } from './log-output.ts';
import { openStores, type Stores } from './stores.ts';
import { upkeepJobs } from './upkeep.ts';

export interface ServeOptions {
  readonly data?: string;
  readonly host?: string;
  readonly port?: number | string;
  /** More routes, as the demo's shop page. */
  readonly plugins?: readonly FastifyPluginAsync[];
  /** Where lines for the person at the terminal go. */
  readonly say?: (line: string) => void;
}

export interface Running {
  readonly url: string;
  readonly app: App;
  readonly stores: Stores;
  readonly config: Config;
  readonly logger: Logger;
  /** Takes no more requests, finishes what is in hand, closes the stores. */
  stop(): Promise<void>;
}

const GRACE_MS = 10_000;
const VERSION = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

/** Serves until a signal asks it to stop. */
export async function serve(options: ServeOptions = {}): Promise<void> {
  const say = options.say ?? sayOnTerminal;
  const running = await start({ ...options, say });
  await welcome(running, say);
  await untilSignal(running, say);
}

export async function start(options: ServeOptions): Promise<Running> {
  const config = readConfig(process.env, options);
  const logger = createLogger(config.log_level);
  const built = buildPages(CONSOLE_FOLDER);
  const stores = await openStores(config, { clock: systemClock, logger, threaded: true });
  try {
    const app = await compose(config, stores, { clock: systemClock, logger, version: VERSION });
    await app.start();
    await app.pipeline.start();
    await built.catch((error: unknown) =>
      logger.error({ error: String(error) }, 'the console could not be built'),
    );
    const server = await createServer({
      operations: app.operations,
      authenticate: app.govern.authenticate,
      allow: app.govern.allow,
      audit: app.govern.audit,
      self_audited: app.govern.self_audited,
      signIn: app.govern.signIn,
      clock: systemClock,
      logger,
      version: VERSION,
      metrics: app.metrics.registry,
      checks: app.checks
        .filter((check) => check.essential)
        .map(({ name, run }) => ({ name, run: async () => void (await run()) })),
      console_dir: join(CONSOLE_FOLDER, 'dist'),
      plugins: [
        collectRoutes({
          wires: app.collect.wires,
          body_bytes_max: app.collect.collector.limits.body_bytes_max,
        }),
        ...(options.plugins ?? []),
      ],
    });
    const jobs = createJobRunner([...app.jobs, ...upkeepJobs(app, stores)], logger);
    const { host, held_back } = listenHost(config.host, await app.govern.signIn.passwordSet());
    if (held_back)
      logger.warn(
        { host: config.host },
        'listening on loopback only until a password is set; set one, then start again',
      );
    const url = await server.listen({ host, port: config.port });
    jobs.start();
    const stop = async () => {
      await closeGracefully(server, GRACE_MS);
      await jobs.stop();
      await app.stop();
      await stores.close();
    };
    return { url, app, stores, config, logger, stop };
  } catch (error) {
    await stores.close();
    throw error;
  }
}

/** What a person needs next: the address, how to sign in, how to send. */
export async function welcome({ url, app }: Running, say: (line: string) => void): Promise<void> {
  const { sources } = app.collect;
  if (sources.list().length === 0) await sources.create({ name: 'Website', type: 'browser' });
  const key = sources.list()[0]?.keys[0]?.write_key ?? '';
  const link = await app.govern.signIn.firstRunLink();
  say(
    link === null ? `Sign in at ${url}` : `Sign in (once, then set a password): ${url}/sign-in?token=${link}`,
  );
  say(
    `Send an event: curl -u ${key}: ${url}/v1/track -H 'content-type: application/json' -d '{"event":"Hello","anonymousId":"me"}'`,
  );
  say(`Plumbline is ready at ${url}`);
}

/** Resolves once everything is closed after SIGINT or SIGTERM; a second signal ends at once. */
export async function untilSignal(running: Running, say: (line: string) => void): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(1));
        resolve();
      });
    }
  });
  say('Stopping: finishing what was accepted …');
  await running.stop();
}

function sayOnTerminal(line: string): void {
  process.stdout.write(`${line}\n`);
}
