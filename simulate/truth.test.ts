import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMarket } from './market.ts';
import { playedRun, writeMarketFiles } from './market-files.ts';
import { createRun } from './run.ts';
import { truthOf } from './truth.ts';

const market = createMarket({ seed: 21, people: 6_000, days: 40, start_day: '2026-03-01' });
let dir = '';
let run = createRun(market);

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'simulate-'));
  run = await playedRun(market);
  await writeMarketFiles(market, dir, run);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const lines = async (name: string) => (await readFile(join(dir, name), 'utf8')).trimEnd().split('\n');

describe('truth', () => {
  test('an unfinished run has none', () => {
    expect(() => truthOf(createRun(market))).toThrow(/not complete/);
  });

  test('what the channels caused adds up, and lies near what was expected', () => {
    const truth = truthOf(run);
    const caused = truth.channels.reduce((sum, c) => sum + c.caused_orders, 0);
    expect(caused).toBe(truth.totals.caused_orders);
    expect(caused).toBe(Object.keys(truth.caused_order_ids).length);
    expect(caused).toBe(truth.incremental.reduce((sum, row) => sum + row.caused_orders, 0));
    const expected = truth.channels.reduce((sum, c) => sum + c.expected_orders, 0);
    expect(Math.abs(caused - expected)).toBeLessThan(6 * Math.sqrt(expected));
  });

  test('the platforms claim more than they caused, together more than was sold', () => {
    const truth = truthOf(run);
    for (const channel of truth.channels)
      expect(channel.platform_conversions).toBeGreaterThan(channel.caused_orders);
    expect(truth.totals.platform_conversions).toBeGreaterThan(truth.totals.orders);
  });

  test('devices change hands and persons have several ids', () => {
    const truth = truthOf(run);
    expect(truth.people.filter((p) => p.anonymous_ids.length > 1).length).toBeGreaterThan(500);
    expect(run.identities.all.filter((id) => id.people.length > 1).length).toBeGreaterThan(20);
  });
});

describe('files', () => {
  test('spend.csv has every day, region and channel, and its sums are the truth', async () => {
    const [header, ...rows] = await lines('spend.csv');
    expect(header).toBe('day,region,channel,spend,impressions,clicks,platform_conversions,platform_value');
    expect(rows.length).toBe(40 * 12 * 7);
    const spent = rows.reduce((sum, row) => sum + Number(row.split(',')[3]), 0);
    expect(spent).toBeCloseTo(
      market.media.spend.reduce((a, b) => a + b, 0),
      2,
    );
    const claimed = rows.reduce((sum, row) => sum + Number(row.split(',')[6]), 0);
    expect(claimed).toBe(truthOf(run).totals.platform_conversions);
  });

  test('the other tables are whole, and the same run writes the same bytes', async () => {
    expect((await lines('crm.csv')).length).toBe(market.crm.length + 1);
    expect((await lines('store_transactions.csv')).length).toBe(run.store_transactions.length + 1);
    const products = (await lines('catalogue.ndjson')).map((line) => JSON.parse(line));
    expect(products.length).toBe(240);
    expect(products.every((p) => p.stock >= 0 && p.cost > 0)).toBe(true);
    const before = await readFile(join(dir, 'truth.json'), 'utf8');
    await writeMarketFiles(market, dir);
    expect((await readFile(join(dir, 'truth.json'), 'utf8')) === before).toBe(true);
  });
});
