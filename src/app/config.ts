/** Settings, from the environment and flags; the defaults run everything in one folder on loopback. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { DAY_MS } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';

export interface Config {
  readonly data_dir: string;
  readonly host: string;
  readonly port: number;
  /** Address that people and clients reach us under, when it is not the one they call (behind a proxy). */
  readonly public_url: string | undefined;
  readonly warehouse_url: string;
  readonly online_url: string;
  readonly control_url: string;
  readonly log_url: string;
  /** How long a message id of a source is remembered. */
  readonly dedup_window_ms: number;
  readonly log_level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly require_approval: boolean;
  /** Parse and validate, store nothing: the baseline of the ingest benchmark. */
  readonly dry_run: boolean;
}

const schema = z.object({
  PLUMBLINE_DATA: z.string().min(1).default('./data'),
  PLUMBLINE_HOST: z.string().min(1).default('127.0.0.1'),
  PLUMBLINE_PORT: z.coerce.number().int().min(0).max(65535).default(4700),
  PLUMBLINE_PUBLIC_URL: z.url().optional(),
  WAREHOUSE_URL: z.string().optional(),
  ONLINE_URL: z.string().optional(),
  CONTROL_URL: z.string().optional(),
  LOG_URL: z.string().optional(),
  PLUMBLINE_DEDUP_DAYS: z.coerce.number().min(1).max(400).default(7),
  PLUMBLINE_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  PLUMBLINE_REQUIRE_APPROVAL: z.enum(['0', '1']).default('0'),
  PLUMBLINE_DRY_RUN: z.enum(['0', '1']).default('0'),
});

/** Flags win over the environment. Refuses with the name of the setting and its rule. */
export function readConfig(
  env: NodeJS.ProcessEnv,
  flags: { data?: string; host?: string; port?: number | string } = {},
): Config {
  const given = {
    ...env,
    ...(flags.data !== undefined && { PLUMBLINE_DATA: flags.data }),
    ...(flags.host !== undefined && { PLUMBLINE_HOST: flags.host }),
    ...(flags.port !== undefined && { PLUMBLINE_PORT: String(flags.port) }),
  };
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue) => ({
      field: issue.path.join('.'),
      message: issue.message,
    }));
    throw new AppError('invalid_input', {
      message: `Settings: ${issues.map((i) => `${i.field}: ${i.message}`).join('; ')}`,
      issues,
    });
  }
  const set = parsed.data;
  const data_dir = resolve(set.PLUMBLINE_DATA);
  return {
    data_dir,
    host: set.PLUMBLINE_HOST,
    port: set.PLUMBLINE_PORT,
    public_url: set.PLUMBLINE_PUBLIC_URL,
    warehouse_url: set.WAREHOUSE_URL ?? `chdb:${data_dir}/warehouse`,
    online_url: set.ONLINE_URL ?? `lmdb:${data_dir}/online`,
    control_url: set.CONTROL_URL ?? `sqlite:${data_dir}/control.db`,
    log_url: set.LOG_URL ?? `segments:${data_dir}/log`,
    dedup_window_ms: set.PLUMBLINE_DEDUP_DAYS * DAY_MS,
    log_level: set.PLUMBLINE_LOG_LEVEL,
    require_approval: set.PLUMBLINE_REQUIRE_APPROVAL === '1',
    dry_run: set.PLUMBLINE_DRY_RUN === '1',
  };
}
