/** The demo: everything that `serve` starts, and a simulated shop: its plan, its history, live traffic, a page to click. */
import { fork } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { parseAllDocuments } from 'yaml';
import type { LiveProcessOptions } from '../../simulate/live-process.ts';
import type { MarketOptions } from '../../simulate/market.ts';
import { SOURCES, type SourceName } from '../../simulate/wire-event.ts';
import type { Source, SourceType } from '../collect/sources/source.ts';
import { DAY_MS, systemClock } from '../kernel/clock.ts';
import { buildPages, SHOP_FOLDER } from './built-pages.ts';
import { DEMO_ACTOR, findDemoSegments, matchDemoCrm } from './demo-analyses.ts';
import { importDemoHistory, type Sources } from './demo-history.ts';
import { type Running, type ServeOptions, start, untilSignal, welcome } from './main.ts';

export interface DemoOptions extends ServeOptions {
  readonly people?: number | string;
  readonly days?: number | string;
  readonly seed?: number | string;
  readonly eventsPerS?: number | string;
}

const TYPES: Record<SourceName, SourceType> = {
  'shop-web': 'browser',
  'shop-app': 'mobile',
  'shop-server': 'server',
  'shop-stores': 'import',
};

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
  fillDemo(running, market, sources, say).catch((error: unknown) => {
    running.logger.error(
      { error: error instanceof Error ? error.message : 'unknown' },
      'the demo was not filled; start again to resume',
    );
  });
  await untilSignal(running, say);
  traffic.disconnect();
}

async function fillDemo(
  running: Running,
  market: MarketOptions,
  sources: Sources,
  say: (line: string) => void,
): Promise<void> {
  await importDemoHistory(running, market, sources, say);
  await matchDemoCrm(running, say);
  await findDemoSegments(running, say);
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
  const folder = new URL('../../examples/shop/', import.meta.url);
  const texts = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => readFileSync(new URL(name, folder), 'utf8'));
  const definitions = texts.flatMap((text) =>
    parseAllDocuments(text).map(
      (document) => document.toJS() as { kind: string; name: string; body: unknown },
    ),
  );
  await app.govern.releases.apply(DEMO_ACTOR, { definitions, message: 'The example shop' });
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
