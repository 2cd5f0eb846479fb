/** What the ad platforms report. Each claims every order after its own click, and some that only saw its ad. */

import { cell } from './cell.ts';
import { CHANNELS } from './channels.ts';
import { poisson } from './draws.ts';
import type { Run } from './run.ts';

/** One line of spend.csv. Indexes point into REGIONS and CHANNELS. */
export interface PlatformRow {
  readonly day: number;
  readonly region: number;
  readonly channel: number;
  readonly spend: number;
  readonly impressions: number;
  readonly clicks: number;
  readonly platform_conversions: number;
  /** Currency units. */
  readonly platform_value: number;
}

/** By day, region and channel. Needs a finished run: claims rest on what happened. */
export function platformRows(run: Run): PlatformRow[] {
  const { media } = run.market;
  const rows: PlatformRow[] = [];
  for (let channel = 0; channel < CHANNELS.length; channel++) {
    const rng = run.root.fork(`platforms/${cell(CHANNELS, channel).channel}`);
    for (let region = 0; region < media.regions; region++) {
      for (let day = 0; day < media.days; day++) rows.push(platformRow(run, rng, { channel, region, day }));
    }
  }
  return rows.sort((a, b) => a.day - b.day || a.region - b.region || a.channel - b.channel);
}

function platformRow(
  run: Run,
  rng: Run['root'],
  at: { channel: number; region: number; day: number },
): PlatformRow {
  const { market, ledger } = run;
  const { channel, region, day } = at;
  const { cpm, view_through } = cell(CHANNELS, channel);
  const index = market.media.cell(channel, region, day);
  const spend = cell(market.media.spend, index);
  const landings = cell(ledger.landings, index);
  // Some clicks never reach the page.
  const clicks = landings + poisson(rng, 0.18 * landings + (spend > 0 ? 0.2 : 0));
  const shown = Math.round((spend / cpm) * 1000 * Math.exp(0.1 * rng.normal()));
  const orders = cell(ledger.region_orders, region * market.days + day);
  const seen = spend > 0 ? Math.min(orders, poisson(rng, view_through * orders)) : 0;
  const mean_cents = orders === 0 ? 0 : cell(ledger.region_cents, region * market.days + day) / orders;
  const cents = cell(ledger.clicked_cents, index) + seen * mean_cents;
  return {
    ...at,
    spend,
    impressions: Math.max(shown, clicks),
    clicks,
    platform_conversions: cell(ledger.clicked_orders, index) + seen,
    platform_value: Math.round(cents) / 100,
  };
}
