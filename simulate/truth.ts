/** Everything that a team would like to know and can only estimate: the answers to compare with. */
import { DAY_MS } from '../src/kernel/clock.ts';
import { seasonality, WEEK } from './calendar.ts';
import { CURRENCY } from './catalogue.ts';
import { cell } from './cell.ts';
import { CHANNELS } from './channels.ts';
import { dayText, isoOf } from './iso-time.ts';
import { regionName } from './market.ts';
import { type PlatformRow, platformRows } from './platforms.ts';
import { REGIONS } from './regions.ts';
import type { Run } from './run.ts';
import { BASE_CONVERSION } from './visits.ts';

/** The content of truth.json. Throws when the run has not written its whole history. */
export function truthOf(run: Run, claims: readonly PlatformRow[] = platformRows(run)) {
  if (!run.finished)
    throw new Error(
      'truth: the history of this run is not complete; take every chunk of history(market, { run }) first',
    );
  const { market, ledger } = run;
  const caused = ledger.orders.filter((order) => order.caused_by >= 0);
  return {
    seed: market.seed,
    start_day: market.start_day,
    days: market.days,
    currency: CURRENCY,
    regions: REGIONS.map((region, index) => ({
      region: region.region_id,
      country: region.country,
      consent_regime: region.consent_regime,
      people: cell(market.heads, index),
    })),
    totals: {
      orders: ledger.orders.length,
      caused_orders: caused.length,
      base_orders: ledger.orders.length - caused.length,
      revenue: ledger.orders.reduce((cents, order) => cents + order.total_cents, 0) / 100,
      refunds: ledger.refunds,
      store_purchases: ledger.store_purchases,
      platform_conversions: claims.reduce((sum, row) => sum + row.platform_conversions, 0),
    },
    base_conversion: BASE_CONVERSION,
    channels: CHANNELS.map((_, channel) => channelTruth(run, channel, claims)),
    incremental: incrementalRows(run),
    caused_order_ids: Object.fromEntries(
      caused.map((o) => [o.order_id, cell(CHANNELS, o.caused_by).channel]),
    ),
    geo_pauses: market.media.pauses.map((pause) => ({
      channel: pause.channel,
      regions: pause.regions.map(regionName),
      from: dayOf(run, pause.from_day),
      until: dayOf(run, pause.to_day),
    })),
    seasonality: {
      week_from_sunday: WEEK,
      by_day: Array.from({ length: market.days }, (_, day) =>
        round(seasonality(market.start_ms + day * DAY_MS), 4),
      ),
    },
    anomaly: anomalyTruth(run),
    faults: faultTruth(run),
    bots: run.bots,
    people: peopleTruth(run),
    crm_links: market.crm.map(({ crm_id, person, errors }) => ({
      crm_id,
      person_id: person < 0 ? null : cell(market.people, person).person_id,
      errors,
    })),
    store_purchases: run.store_transactions.map(({ transaction_id, person }) => ({
      transaction_id,
      person_id: cell(market.people, person).person_id,
    })),
  };
}

const round = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits;

const dayOf = (run: Run, day: number): string => dayText(run.market.start_ms + day * DAY_MS);

function channelTruth(run: Run, channel: number, claims: readonly PlatformRow[]) {
  const { media } = run.market;
  const own = cell(CHANNELS, channel);
  const from = media.cell(channel, 0, 0);
  const to = from + media.regions * media.days;
  const total = (cells: ArrayLike<number>) => {
    let sum = 0;
    for (let i = from; i < to; i++) sum += cell(cells, i);
    return sum;
  };
  return {
    channel: own.channel,
    adstock: { kind: 'geometric', decay: own.adstock_decay, normalised: true, starts_at: 0 },
    saturation: {
      kind: 'hill',
      half_per_1000_people: own.half_per_1000,
      shape: own.hill_shape,
      ceiling_orders_a_day_per_1000_people: own.ceiling_per_1000,
    },
    conversion: own.conversion,
    spend: round(total(media.spend), 2),
    expected_orders: round(total(media.expected_orders), 3),
    caused_orders: total(run.ledger.caused_orders),
    caused_visits: total(run.ledger.caused_visits),
    clicked_orders: total(run.ledger.clicked_orders),
    platform_conversions: claims.reduce(
      (sum, row) => sum + (row.channel === channel ? row.platform_conversions : 0),
      0,
    ),
  };
}

/** Channel, region and day where anything was expected: orders before chance, and orders that came. */
function incrementalRows(run: Run) {
  const { media } = run.market;
  const rows: {
    channel: string;
    region: string;
    day: string;
    expected_orders: number;
    caused_orders: number;
  }[] = [];
  CHANNELS.forEach(({ channel }, c) => {
    for (let r = 0; r < media.regions; r++) {
      for (let d = 0; d < media.days; d++) {
        const expected_orders = round(cell(media.expected_orders, media.cell(c, r, d)), 5);
        const caused_orders = cell(run.ledger.caused_orders, media.cell(c, r, d));
        if (expected_orders > 0 || caused_orders > 0)
          rows.push({ channel, region: regionName(r), day: dayOf(run, d), expected_orders, caused_orders });
      }
    }
  });
  return rows;
}

function anomalyTruth({ market, faults }: Run) {
  const { outage } = market.fault_plan;
  return {
    kind: outage.kind,
    source: outage.source,
    day: dayText(outage.from_ms),
    from: isoOf(outage.from_ms),
    until: isoOf(outage.to_ms),
    share_lost: market.parts.faults ? outage.share_lost : 0,
    events_lost: faults.lost_in_outage,
  };
}

function faultTruth(run: Run) {
  const { duplicates, late, malformed, drifted, nulled } = run.faults;
  const { drift, null_spike } = run.market.fault_plan;
  return {
    duplicates: { count: duplicates.length, message_ids: duplicates },
    late: { count: late.length, message_ids: late },
    malformed: Object.fromEntries(
      Object.entries(malformed).map(([kind, ids]) => [kind, { count: ids.length, message_ids: ids }]),
    ),
    drift: {
      source: drift.source,
      event: drift.event,
      from: dayOf(run, drift.from_day),
      renamed: { price: 'unit_price' },
      retyped: { quantity: 'string' },
      count: drifted,
    },
    null_spike: {
      source: null_spike.source,
      event: null_spike.event,
      field: null_spike.field,
      from: dayOf(run, null_spike.from_day),
      until: dayOf(run, null_spike.to_day),
      count: nulled,
    },
  };
}

/** Persons with all their ids; `anonymous_ids` that more than one person used stand with each of them. */
function peopleTruth(run: Run) {
  const { market, identities } = run;
  const anonymous_ids: string[][] = market.people.map(() => []);
  for (const id of identities.all)
    for (const person of id.people) cell(anonymous_ids, person).push(id.anonymous_id);
  return market.people.map((person) => ({
    person_id: person.person_id,
    region: regionName(person.region),
    user_id: identities.hasAccount(person.index) ? person.user_id : null,
    email: person.email,
    phone: person.phone,
    loyalty_id: person.loyalty_id,
    devices: person.devices.map((d) => cell(market.devices, d).device_id),
    shared_devices: person.devices
      .filter((d) => cell(market.devices, d).owners.length > 1)
      .map((d) => cell(market.devices, d).device_id),
    anonymous_ids: cell(anonymous_ids, person.index),
    joined: dayOf(run, person.join_day),
    churned:
      person.churn_day === null || person.churn_day >= market.days ? null : dayOf(run, person.churn_day),
    newsletter: person.newsletter,
    consent: person.consent.first,
    consent_later:
      person.consent.later === null
        ? null
        : { from: dayOf(run, person.consent.change_day), choice: person.consent.later },
  }));
}
