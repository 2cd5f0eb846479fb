/** The demo: everything that `serve` starts, and a simulated shop: its plan, its history, live traffic, a page to click. */
import { fork } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { parseAllDocuments } from 'yaml';
import { history } from '../../simulate/history.ts';
import type { LiveProcessOptions } from '../../simulate/live-process.ts';
import { createMarket, type MarketOptions } from '../../simulate/market.ts';
import { writeMarketFiles } from '../../simulate/market-files.ts';
import { createRun } from '../../simulate/run.ts';
import { type HistoryItem, SOURCES, type SourceName } from '../../simulate/wire-event.ts';
import type { HistoryChunk } from '../collect/history/history-import.service.ts';
import type { Source, SourceType } from '../collect/sources/source.ts';
import { DAY_MS, systemClock } from '../kernel/clock.ts';
import type { Actor } from '../kernel/operation.ts';
import { buildPages, SHOP_FOLDER } from './built-pages.ts';
import { type Running, type ServeOptions, start, untilSignal, welcome } from './main.ts';

export interface DemoOptions extends ServeOptions {
  readonly people?: number | string;
  readonly days?: number | string;
  readonly seed?: number | string;
  readonly eventsPerS?: number | string;
}

type Sources = Record<SourceName, Source>;

const TYPES: Record<SourceName, SourceType> = {
  'shop-web': 'browser',
  'shop-app': 'mobile',
  'shop-server': 'server',
  'shop-stores': 'import',
};
const CHUNK_EVENTS = 5_000;
const IMPORT = 'demo-history';
const SYSTEM: Actor = { id: 'demo', name: 'demo', kind: 'system', roles: ['admin'] };

export async function demo(options: DemoOptions = {}): Promise<void> {
  const say = options.say ?? ((line: string) => void process.stdout.write(`${line}\n`));
  let keys: { web: string } | undefined;
  const shop = buildPages(SHOP_FOLDER);
  const running = await start({
    ...options,
    data: options.data ?? './data/demo',
    plugins: [async (app) => shopPage(app, () => keys)],
  });
  const market = rememberedMarket(running, options);
  const sources = await shopSources(running);
  keys = { web: keyOf(sources['shop-web']) };
  await releaseExample(running);
  await shop.catch((error: unknown) =>
    running.logger.error({ error: String(error) }, 'the shop page could not be built'),
  );
  say(`Click through the shop: ${running.url}/demo/shop/`);
  await welcome(running, say);
  const traffic = startTraffic(running, market, sources, Number(options.eventsPerS ?? 5));
  importHistory(running, market, sources, say).catch((error: unknown) => {
    running.logger.error(
      { error: error instanceof Error ? error.message : 'unknown' },
      'the history was not imported; start again to resume',
    );
  });
  await untilSignal(running, say);
  traffic.disconnect();
}

/** The first start decides the market: later ones continue with the same people, whatever the day. */
function rememberedMarket({ config }: Running, options: DemoOptions): MarketOptions {
  const file = join(config.data_dir, 'market.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as MarketOptions;
  const days = Number(options.days ?? 90);
  const start_day = new Date(systemClock.now_ms() - days * DAY_MS).toISOString().slice(0, 10);
  const market = {
    seed: Number(options.seed ?? 7),
    people: Number(options.people ?? 20_000),
    days,
    start_day,
  };
  writeFileSync(file, JSON.stringify(market));
  return market;
}

async function shopSources({ app }: Running): Promise<Sources> {
  const all = {} as Record<SourceName, Source>;
  for (const name of SOURCES) {
    const known = app.collect.sources.list().find((source) => source.name === name);
    all[name] =
      known ??
      (await app.collect.sources.create({ name, type: TYPES[name], settings: { tracking_plan: 'shop' } }));
  }
  return all;
}

const keyOf = (source: Source): string => source.keys.find((key) => key.revoked_at === null)?.write_key ?? '';

/** Releases examples/shop once; what the team changes afterwards stays. */
async function releaseExample({ app }: Running): Promise<void> {
  if (app.govern.definitions.release() > 0) return;
  const text = readFileSync(new URL('../../examples/shop/tracking-plan.yaml', import.meta.url), 'utf8');
  const definitions = parseAllDocuments(text).map(
    (document) => document.toJS() as { kind: string; name: string; body: unknown },
  );
  await app.govern.releases.apply(SYSTEM, { definitions, message: 'The example shop' });
}

async function importHistory(
  running: Running,
  options: MarketOptions,
  sources: Sources,
  say: (line: string) => void,
): Promise<void> {
  const { app, config } = running;
  const truth = join(config.data_dir, 'market');
  if (existsSync(join(truth, 'truth.json'))) return;
  const market = createMarket(options);
  const run = createRun(market);
  let events = 0;
  let share = 0;
  const started_ms = performance.now();
  async function* chunks(): AsyncGenerator<HistoryChunk> {
    for await (const chunk of history(market, { run, max_items: CHUNK_EVENTS })) {
      share = chunk.progress;
      yield {
        events: chunk.items.map((item, i) =>
          toLogged(running, sources[item.source], item, `history-${chunk.day}-${i}`),
        ),
      };
    }
  }
  const bar = progressBar('History', say);
  await app.collect.history.run(IMPORT, chunks(), (_, count) => {
    events += count;
    bar(share);
  });
  await app.importPeople(new Date(market.start_ms), new Date(market.end_ms));
  await writeMarketFiles(market, truth, run);
  const seconds = (performance.now() - started_ms) / 1000;
  say(
    `History is in: ${events.toLocaleString('en')} events of ${options.days ?? 90} days in ${seconds.toFixed(0)} s. Truth: ${join(truth, 'truth.json')}`,
  );
}

function toLogged({ app }: Running, source: Source, item: HistoryItem, spare_id: string) {
  // Through JSON, as on the wire: keys that hold undefined are absent there.
  const body = JSON.parse(JSON.stringify(item.body)) as { messageId?: unknown; sentAt?: unknown };
  return app.collect.collector.reprocess(body, {
    source_id: source.id,
    message_id: typeof body.messageId === 'string' ? body.messageId : spare_id,
    received_at: item.received_at,
    sent_at: typeof body.sentAt === 'string' ? body.sentAt : '',
    ip: item.ip,
    user_agent: item.user_agent,
  });
}

function startTraffic(
  { url, logger }: Running,
  market: MarketOptions,
  sources: Sources,
  events_per_s: number,
) {
  const child = fork(fileURLToPath(new URL('../../simulate/live-process.ts', import.meta.url)), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  child.on('error', (error) => logger.error({ error: error.message }, 'live traffic could not start'));
  const options: LiveProcessOptions = {
    market,
    host: url,
    events_per_s,
    write_keys: { web: keyOf(sources['shop-web']), server: keyOf(sources['shop-server']) },
  };
  child.send(options);
  return child;
}

/** The shop's own page; it has no part in the console's security rules, as on another site. */
async function shopPage(app: FastifyInstance, keys: () => { web: string } | undefined): Promise<void> {
  await app.register(fastifyStatic, {
    root: join(SHOP_FOLDER, 'dist'),
    prefix: '/demo/shop/',
    decorateReply: false,
  });
  app.get('/demo/shop', async (_, reply) => reply.redirect('/demo/shop/'));
  app.get('/demo/shop/config.json', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    return { write_key: keys()?.web ?? '', host: `${request.protocol}://${request.host}` };
  });
}

/** One line that grows on a terminal; a line each tenth elsewhere. */
function progressBar(title: string, say: (line: string) => void): (share: number) => void {
  let told = 0;
  return (share) => {
    if (process.stdout.isTTY) {
      const width = Math.round(share * 30);
      process.stdout.write(
        `\r${title} ${'█'.repeat(width)}${'░'.repeat(30 - width)} ${Math.round(share * 100)} %${share >= 1 ? '\n' : ''}`,
      );
    } else if (share - told >= 0.1 || share >= 1) {
      told = share;
      say(`${title} ${Math.round(share * 100)} %`);
    }
  };
}
