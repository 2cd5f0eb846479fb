/**
 * Live traffic in a process of its own, so that the shop's clients share nothing with the server that they send to.
 * The parent sends one message with the options; the process ends when the parent goes.
 */
import { startLive } from './live.ts';
import { createMarket, type MarketOptions } from './market.ts';

export interface LiveProcessOptions {
  readonly market: MarketOptions;
  readonly host: string;
  readonly write_keys: { readonly web: string; readonly server: string };
  readonly events_per_s: number;
}

const gone = new AbortController();
process.once('disconnect', () => gone.abort());
// An interrupt at the terminal reaches the whole group: the parent decides when to end.
process.on('SIGINT', () => {});
process.once('SIGTERM', () => gone.abort());
process.once('message', (message) => {
  const { market, ...rest } = message as LiveProcessOptions;
  startLive({ ...rest, market: createMarket(market), signal: gone.signal }).done.then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`live traffic ended: ${String(error)}\n`);
      process.exit(1);
    },
  );
});
