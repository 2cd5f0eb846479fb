/** A collector on a real log in a temporary folder, for tests. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect } from 'vitest';
import { type FixedClock, fixedClock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { openEventLog } from '../../stores/log/open.ts';
import type { EventLog } from '../../stores/log/port.ts';
import { createBotDetector } from '../bots/bot-detector.ts';
import type { LoggedEvent } from '../contract.ts';
import type { Source, SourceSettings } from '../sources/source.ts';
import { createSourceIndex } from '../sources/source-index.ts';
import { DEFAULT_SETTINGS } from '../sources/source-input.ts';
import type { PlanChecker } from '../tracking-plan/plan-checker.ts';
import type { CollectRequest } from './collect-request.ts';
import { type CollectFact, type Collector, type CollectorDeps, createCollector } from './collector.ts';

export const NOW = '2026-07-21T12:00:00.000Z';
export const KEY = 'wk_test';

export function sourceOf(
  over: Partial<Omit<Source, 'settings'>> & { settings?: Partial<SourceSettings> } = {},
): Source {
  return {
    id: 'src_shop',
    name: 'Shop',
    type: 'server',
    enabled: true,
    created_at: '2026-01-01T00:00:00.000Z',
    keys: [
      {
        id: 'key_1',
        write_key: KEY,
        created_at: '2026-01-01T00:00:00.000Z',
        expires_at: null,
        revoked_at: null,
      },
    ],
    ...over,
    settings: { ...DEFAULT_SETTINGS, ...over.settings },
  };
}

/** One plan rule, enough for the collector: `properties.price` of `Order Completed` is a number. */
export const pricePlan = (action: 'allow' | 'strip' | 'quarantine'): PlanChecker => ({
  check: (_source, { event, properties, traits }) => {
    if (event !== 'Order Completed' || typeof properties['price'] === 'number')
      return { plan: '', violations: [], properties, traits };
    const violation = {
      path: 'properties.price',
      rule: 'type',
      message: 'properties.price must be a number',
      action,
    };
    const { price: _, ...stripped } = properties;
    return {
      plan: 'shop@1',
      violations: [violation],
      properties: action === 'strip' ? stripped : properties,
      traits,
      ...(action === 'quarantine' && {
        quarantine: { reason: 'schema_violation' as const, detail: violation.message, path: violation.path },
      }),
    };
  },
});

export interface TestCollector {
  readonly collector: Collector;
  readonly log: EventLog;
  readonly clock: FixedClock;
  readonly sources: ReturnType<typeof createSourceIndex>;
  readonly facts: CollectFact[];
  /** Every record of the log, in order. */
  events(): Promise<LoggedEvent[]>;
  close(): Promise<void>;
}

export async function openTestCollector(
  sources: readonly Source[] = [sourceOf()],
  over: Partial<CollectorDeps> = {},
): Promise<TestCollector> {
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-collect-'));
  const log = await openEventLog(`segments:${folder}`, { logger: silentLogger });
  const clock = fixedClock(NOW);
  const facts: CollectFact[] = [];
  const index = createSourceIndex(sources);
  const plan: PlanChecker = {
    check: (_source, { properties, traits }) => ({ plan: '', violations: [], properties, traits }),
  };
  const bots = createBotDetector();
  const observe = (fact: CollectFact) => facts.push(fact);
  const collector = createCollector({
    log,
    sources: index,
    plan,
    bots,
    clock,
    logger: silentLogger,
    observe,
    ...over,
  });
  return {
    collector,
    log,
    clock,
    sources: index,
    facts,
    events: async () => {
      const { lines } = await log.read(log.start(), { max_records: 100_000 });
      return lines.map((line) => JSON.parse(line) as LoggedEvent);
    },
    close: async () => {
      await log.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Opens collectors for the tests of a file, and closes each after its test. */
export function collectorPerTest(): typeof openTestCollector {
  let open: TestCollector | undefined;
  afterEach(async () => {
    await open?.close();
    open = undefined;
  });
  return async (...args) => {
    open = await openTestCollector(...args);
    return open;
  };
}

/** What a request is refused with; fails when it is not, or when anything of it was stored. */
export async function refusalOf(shop: TestCollector, request: CollectRequest): Promise<AppError> {
  const error: unknown = await shop.collector.accept(request).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw new Error(`expected a refusal, got ${String(error)}`);
  expect(await shop.events()).toEqual([]);
  return error;
}

/** An item of a batch that breaks no rule. */
export const trackItem = (over: Record<string, unknown> = {}): Record<string, unknown> => ({
  type: 'track',
  event: 'Order Completed',
  userId: 'u1',
  messageId: 'm1',
  ...over,
});

export function requestOf(body: unknown, over: Partial<CollectRequest> = {}): CollectRequest {
  return {
    wire: 'v1/batch',
    call: 'batch',
    format: 'json',
    body: Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    query: {},
    authorization: `Basic ${Buffer.from(`${KEY}:`).toString('base64')}`,
    write_key: '',
    ip: '203.0.113.77',
    user_agent: '',
    gpc: false,
    sent_at: '',
    delivery_id: '',
    ...over,
  };
}
