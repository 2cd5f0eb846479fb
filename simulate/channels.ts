/**
 * Seven advertising channels with a known effect. Spend by region and day carries over (geometric adstock), saturates
 * (Hill curve) and causes visits that would not have happened; a share of those ends in an order.
 */
import { DAY_MS } from '../src/kernel/clock.ts';
import type { Rng } from '../src/kernel/rng.ts';
import { seasonality } from './calendar.ts';
import { cell } from './cell.ts';
import { CHANNEL_IDS, type ChannelId } from './wire-event.ts';

export interface Channel {
  readonly channel: ChannelId;
  /** utm_source, utm_medium and campaign names of its links. */
  readonly source: string;
  readonly medium: string;
  readonly campaigns: readonly string[];
  /** Mean spend a day for 1,000 people, in currency units. */
  readonly spend_per_1000: number;
  /** Share of the effect that is left a day later. */
  readonly adstock_decay: number;
  /** Adstocked spend a day for 1,000 people at which half of the ceiling is reached. */
  readonly half_per_1000: number;
  /** Steepness of the Hill curve. */
  readonly hill_shape: number;
  /** Most orders a day that it can cause among 1,000 people. */
  readonly ceiling_per_1000: number;
  /** Share of the visits it causes that end in an order. */
  readonly conversion: number;
  /** Weight among the ways in of visits that would have happened anyway. */
  readonly capture: number;
  /** Share of all orders in a region and day that the platform claims because an ad was shown. */
  readonly view_through: number;
  /** Price of 1,000 impressions. */
  readonly cpm: number;
  /** Days on and days off; 0 off means always on. */
  readonly flight: readonly [number, number];
}

const channel = (
  id: ChannelId,
  link: [string, string, string[]],
  effect: Omit<Channel, 'channel' | 'source' | 'medium' | 'campaigns'>,
): Channel => ({
  channel: id,
  source: link[0],
  medium: link[1],
  campaigns: link[2],
  ...effect,
});

/** In the order of CHANNEL_IDS. Brand search and display claim much and cause little; video works slowly and is not clicked. */
export const CHANNELS: readonly Channel[] = [
  channel('search_brand', ['google', 'cpc', ['brand-exact', 'brand-broad']], {
    spend_per_1000: 6,
    adstock_decay: 0.05,
    half_per_1000: 5,
    hill_shape: 1,
    ceiling_per_1000: 0.16,
    conversion: 0.13,
    capture: 0.17,
    view_through: 0.01,
    cpm: 60,
    flight: [1, 0],
  }),
  channel('search_generic', ['google', 'cpc', ['generic-coffee', 'generic-kitchen', 'shopping']], {
    spend_per_1000: 12,
    adstock_decay: 0.15,
    half_per_1000: 12,
    hill_shape: 1.2,
    ceiling_per_1000: 0.95,
    conversion: 0.1,
    capture: 0.05,
    view_through: 0.01,
    cpm: 38,
    flight: [1, 0],
  }),
  channel('social_paid', ['meta', 'paid_social', ['prospecting', 'lookalike', 'retargeting']], {
    spend_per_1000: 11,
    adstock_decay: 0.4,
    half_per_1000: 13,
    hill_shape: 1.5,
    ceiling_per_1000: 0.9,
    conversion: 0.07,
    capture: 0.06,
    view_through: 0.1,
    cpm: 9,
    flight: [1, 0],
  }),
  channel('display', ['adnet', 'display', ['retargeting-banner', 'prospecting-banner']], {
    spend_per_1000: 6,
    adstock_decay: 0.3,
    half_per_1000: 9,
    hill_shape: 1.1,
    ceiling_per_1000: 0.22,
    conversion: 0.06,
    capture: 0.05,
    view_through: 0.12,
    cpm: 3,
    flight: [1, 0],
  }),
  channel('video', ['youtube', 'video', ['story-30s', 'bumper-6s']], {
    spend_per_1000: 9,
    adstock_decay: 0.75,
    half_per_1000: 8,
    hill_shape: 1.8,
    ceiling_per_1000: 0.75,
    conversion: 0.08,
    capture: 0.01,
    view_through: 0.06,
    cpm: 14,
    flight: [21, 14],
  }),
  channel('affiliate', ['partnernet', 'affiliate', ['coupon-sites', 'bloggers']], {
    spend_per_1000: 5,
    adstock_decay: 0.1,
    half_per_1000: 6,
    hill_shape: 1,
    ceiling_per_1000: 0.45,
    conversion: 0.14,
    capture: 0.05,
    view_through: 0.02,
    cpm: 20,
    flight: [1, 0],
  }),
  channel('email', ['newsletter', 'email', ['weekly-letter', 'win-back']], {
    spend_per_1000: 1,
    adstock_decay: 0.25,
    half_per_1000: 0.9,
    hill_shape: 1.3,
    ceiling_per_1000: 0.7,
    conversion: 0.11,
    capture: 0.04,
    view_through: 0.02,
    cpm: 1,
    flight: [1, 0],
  }),
];

/**
 * What is left of earlier spend: a[t] = (1 - decay) x[t] + decay a[t-1], starting at 0. The weights add up to 1, so
 * that in the long run the sum is kept.
 */
export function geometricAdstock(spend: ArrayLike<number>, decay: number): Float64Array {
  const out = new Float64Array(spend.length);
  let carried = 0;
  for (let t = 0; t < spend.length; t++) {
    carried = (1 - decay) * cell(spend, t) + decay * carried;
    out[t] = carried;
  }
  return out;
}

/** Hill saturation in [0, 1): x^shape / (x^shape + half^shape). Half at `half`. */
export function hill(x: number, half: number, shape: number): number {
  if (x <= 0) return 0;
  return 1 / (1 + (half / x) ** shape);
}

/** A channel switched off in some regions for some days: an experiment that a team can find in the data. */
export interface GeoPause {
  readonly channel: ChannelId;
  readonly regions: readonly number[];
  readonly from_day: number;
  readonly to_day: number;
}

/** Cells are indexed `(channel * regions + region) * days + day`. */
export interface MediaPlan {
  readonly regions: number;
  readonly days: number;
  /** Currency units, to the cent. */
  readonly spend: Float64Array;
  /** Orders that the spend causes, before chance. */
  readonly expected_orders: Float64Array;
  readonly pauses: readonly GeoPause[];
  cell(channel: number, region: number, day: number): number;
}

/** `heads`: people of each region. */
export function planMedia(
  root: Rng,
  { heads, days, start_ms }: { heads: readonly number[]; days: number; start_ms: number },
): MediaPlan {
  const regions = heads.length;
  const spend = new Float64Array(CHANNELS.length * regions * days);
  const expected_orders = new Float64Array(spend.length);
  const index = (c: number, r: number, d: number) => (c * regions + r) * days + d;
  const pauses: GeoPause[] =
    days < 28
      ? []
      : [
          {
            channel: 'social_paid',
            regions: [1, 5, 7].filter((r) => r < regions),
            from_day: Math.floor(days * 0.4),
            to_day: Math.floor(days * 0.4) + 14,
          },
        ];
  CHANNELS.forEach((ch, c) => {
    const rng = root.fork(`channels/${ch.channel}`);
    for (let r = 0; r < regions; r++) {
      const thousands = cell(heads, r) / 1000;
      const row = spend.subarray(index(c, r, 0), index(c, r, 0) + days);
      fillSpend(rng, ch, {
        row,
        thousands,
        start_ms,
        paused: (d) =>
          pauses.some(
            (p) => p.channel === ch.channel && p.regions.includes(r) && d >= p.from_day && d < p.to_day,
          ),
      });
      if (thousands === 0) continue;
      const adstocked = geometricAdstock(row, ch.adstock_decay);
      for (let d = 0; d < days; d++) {
        const saturation = hill(cell(adstocked, d) / thousands, ch.half_per_1000, ch.hill_shape);
        expected_orders[index(c, r, d)] =
          ch.ceiling_per_1000 * thousands * saturation * seasonality(start_ms + d * DAY_MS);
      }
    }
  });
  return { regions, days, spend, expected_orders, pauses, cell: index };
}

/** Writes one region's daily spend: the week, flights, a slow drift of its own and chance. */
function fillSpend(
  rng: Rng,
  ch: Channel,
  {
    row,
    thousands,
    start_ms,
    paused,
  }: { row: Float64Array; thousands: number; start_ms: number; paused: (day: number) => boolean },
): void {
  const level = Math.exp(0.25 * rng.normal());
  const phase = rng.int(ch.flight[0] + ch.flight[1]);
  let drift = 0;
  for (let d = 0; d < row.length; d++) {
    drift = 0.93 * drift + 0.16 * rng.normal();
    const noise = 0.12 * rng.normal();
    const on = (d + phase) % (ch.flight[0] + ch.flight[1]) < ch.flight[0] && !paused(d);
    const season = Math.sqrt(seasonality(start_ms + d * DAY_MS));
    const amount = on ? ch.spend_per_1000 * thousands * level * season * Math.exp(drift + noise) : 0;
    row[d] = Math.round(amount * 100) / 100;
  }
}

export const channelIndex = (id: ChannelId): number => CHANNEL_IDS.indexOf(id);
