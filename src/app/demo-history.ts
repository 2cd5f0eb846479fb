/** The demo's past: 90 days of the simulated shop, in bulk, beside the log. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { history } from '../../simulate/history.ts';
import { createMarket, type MarketOptions } from '../../simulate/market.ts';
import { writeMarketFiles } from '../../simulate/market-files.ts';
import { createRun } from '../../simulate/run.ts';
import type { HistoryItem, SourceName } from '../../simulate/wire-event.ts';
import type { HistoryChunk } from '../collect/history/history-import.service.ts';
import type { Source } from '../collect/sources/source.ts';
import type { Running } from './main.ts';

export type Sources = Record<SourceName, Source>;

const CHUNK_EVENTS = 5_000;
const IMPORT = 'demo-history';

/** Where the market's tables lie once the history is in. */
export const marketFolder = ({ config }: Running): string => join(config.data_dir, 'market');

/** Resumes where an earlier start was cut off; does nothing when all is in. */
export async function importDemoHistory(
  running: Running,
  options: MarketOptions,
  sources: Sources,
  say: (line: string) => void,
): Promise<void> {
  const { app } = running;
  const truth = marketFolder(running);
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
