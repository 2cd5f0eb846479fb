/** The market's tables as files: what a team would have beside its events, and the truth. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DAY_MS } from '../src/kernel/clock.ts';
import { CATEGORIES, CURRENCY } from './catalogue.ts';
import { cell } from './cell.ts';
import { CHANNELS } from './channels.ts';
import { history } from './history.ts';
import { dayText, isoOf } from './iso-time.ts';
import { type Market, regionName } from './market.ts';
import { type PlatformRow, platformRows } from './platforms.ts';
import { createRun, type Run } from './run.ts';
import { truthOf } from './truth.ts';

/**
 * Writes spend.csv, catalogue.ndjson, crm.csv, store_transactions.csv and truth.json into `dir` (made when missing)
 * and returns their paths. Pass the run whose history you took; without a finished one the history is played first.
 */
export async function writeMarketFiles(market: Market, dir: string, given?: Run): Promise<string[]> {
  const run = given?.finished ? given : await playedRun(market);
  await mkdir(dir, { recursive: true });
  const claims = platformRows(run);
  const files: [string, string][] = [
    ['spend.csv', spendCsv(run, claims)],
    ['catalogue.ndjson', catalogueNdjson(run)],
    ['crm.csv', crmCsv(market)],
    ['store_transactions.csv', storeCsv(run)],
    ['truth.json', `${JSON.stringify(truthOf(run, claims))}\n`],
  ];
  const paths: string[] = [];
  for (const [name, text] of files) {
    const path = join(dir, name);
    await writeFile(path, text);
    paths.push(path);
  }
  return paths;
}

/** A run that has written its whole history into nothing: for those who need its end only. */
export async function playedRun(market: Market): Promise<Run> {
  const run = createRun(market);
  for await (const _ of history(market, { run }));
  return run;
}

/** One CSV line after RFC 4180. */
const csvLine = (values: readonly (string | number)[]): string =>
  `${values.map((value) => (/[",\n\r]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : value)).join(',')}\n`;

function csv<Row>(
  columns: Readonly<Record<string, (row: Row) => string | number>>,
  rows: readonly Row[],
): string {
  const read = Object.values(columns);
  return csvLine(Object.keys(columns)) + rows.map((row) => csvLine(read.map((value) => value(row)))).join('');
}

const spendCsv = ({ market }: Run, rows: readonly PlatformRow[]): string =>
  csv<PlatformRow>(
    {
      day: (row) => dayText(market.start_ms + row.day * DAY_MS),
      region: (row) => regionName(row.region),
      channel: (row) => cell(CHANNELS, row.channel).channel,
      spend: (row) => row.spend.toFixed(2),
      impressions: (row) => row.impressions,
      clicks: (row) => row.clicks,
      platform_conversions: (row) => row.platform_conversions,
      platform_value: (row) => row.platform_value.toFixed(2),
    },
    rows,
  );

function catalogueNdjson({ market, stock, shelf }: Run): string {
  const lines = market.catalogue.products.map((p) => {
    const ratings = p.reviews.reduce((sum, review) => sum + review.rating, 0);
    const price_cents = cell(shelf.prices_cents, p.index);
    return JSON.stringify({
      product_id: p.product_id,
      sku: p.sku,
      name: p.name,
      brand: p.brand,
      category: cell(CATEGORIES, p.category),
      currency: CURRENCY,
      price: price_cents / 100,
      list_price: p.price_cents / 100,
      cost: p.cost_cents / 100,
      margin: (price_cents - p.cost_cents) / 100,
      stock: cell(stock.pieces, p.index),
      rating: p.reviews.length === 0 ? null : Math.round((ratings / p.reviews.length) * 100) / 100,
      review_count: p.reviews.length,
      reviews: p.reviews,
    });
  });
  return `${lines.join('\n')}\n`;
}

const crmCsv = (market: Market): string =>
  csv(
    {
      crm_id: (row) => row.crm_id,
      first_name: (row) => row.first_name,
      last_name: (row) => row.last_name,
      email: (row) => row.email,
      phone: (row) => row.phone,
      birth_date: (row) => row.birth_date,
      city: (row) => row.city,
      postcode: (row) => row.postcode,
      country: (row) => row.country,
      loyalty_id: (row) => row.loyalty_id,
      created_on: (row) => row.created_on,
    },
    market.crm,
  );

const storeCsv = (run: Run): string =>
  csv(
    {
      transaction_id: (t) => t.transaction_id,
      store_id: (t) => t.store_id,
      region: (t) => regionName(t.region),
      at: (t) => isoOf(t.at_ms),
      loyalty_id: (t) => t.loyalty_id ?? '',
      email: (t) => t.email ?? '',
      pieces: (t) => t.pieces,
      total: (t) => (t.total_cents / 100).toFixed(2),
      currency: () => CURRENCY,
    },
    run.store_transactions,
  );
