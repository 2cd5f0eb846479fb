import { join } from 'node:path';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { Registry } from 'prom-client';
import { onTestFinished } from 'vitest';
import { type GovernFixture, openGovern } from '../govern/fixture.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Operation } from '../kernel/operation.ts';
import type { ReadinessCheck } from './health-routes.ts';
import { createServer } from './server.ts';

export interface LogLine {
  readonly level: string;
  readonly fields: Record<string, unknown>;
  readonly message: string;
}

export interface ServerFixture {
  readonly app: FastifyInstance;
  readonly govern: GovernFixture;
  readonly log: LogLine[];
  readonly console_dir: string;
}

/** The server over a real govern, with every answer held against its schema. */
export async function openServer(
  options: {
    operations?: readonly Operation[];
    plugins?: readonly FastifyPluginAsync[];
    checks?: readonly ReadinessCheck[];
    trust_proxy?: readonly string[];
  } = {},
): Promise<ServerFixture> {
  const govern = await openGovern();
  const log: LogLine[] = [];
  const at = (level: string) => (fields: Record<string, unknown>, message: string) => {
    log.push({ level, fields, message });
  };
  const logger: Logger = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  const console_dir = join(govern.data_dir, 'console');
  const app = await createServer({
    operations: [...govern.stage.operations, ...(options.operations ?? [])],
    authenticate: govern.authenticate,
    allow: govern.allow,
    audit: govern.audit,
    self_audited: govern.self_audited,
    signIn: govern.signIn,
    clock: govern.clock,
    logger,
    metrics: new Registry(),
    checks: options.checks ?? [],
    console_dir,
    version: '0.0.0',
    plugins: options.plugins ?? [],
    trust_proxy: options.trust_proxy ?? [],
    check_output: true,
  });
  onTestFinished(() => app.close());
  return { app, govern, log, console_dir };
}

export const CONSOLE = { 'x-plumbline': 'console' };

/** The cookie of the first administrator, by the one-time link. */
export async function signedIn({ app, govern }: ServerFixture): Promise<Record<string, string>> {
  const secret = await govern.signIn.firstRunLink();
  const answer = await app.inject({ url: `/sign-in?token=${secret}` });
  const cookie = answer.cookies[0];
  return { cookie: `${cookie?.name}=${cookie?.value}`, ...CONSOLE };
}
