import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningPlumbline, startPlumbline } from '../../test/start-plumbline.ts';
import { launchChromium, watchErrors } from './chromium.ts';
import { type OtherSite, openOtherSite } from './other-site.ts';

/** RudderStack's own browser client, unmodified, on a page of another origin than the server it sends to. */
const CLIENT = readFileSync(
  new URL('../umd/index.js', import.meta.resolve('@rudderstack/analytics-js/bundled')),
);

let program: RunningPlumbline;
let browser: Browser;
let site: OtherSite;

beforeAll(async () => {
  program = await startPlumbline();
  browser = await launchChromium();
  site = await openOtherSite({ '/client.js': CLIENT });
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
  await program?.stop();
});

/** A visit by somebody new: five calls, one of each kind, with the client's `options`. */
async function visit(source: string, options: object) {
  const write_key = await program.writeKey(source, 'browser');
  const page = await (await browser.newContext()).newPage();
  const errors = watchErrors(page);
  await page.goto(`${site.url}/?utm_source=news`);
  const call = async () =>
    page.evaluate(
      ({ write_key, url, options }) => {
        const { RudderAnalytics } = (globalThis as unknown as { rudderanalytics: Rudder }).rudderanalytics;
        const client = new RudderAnalytics();
        client.load(write_key, url, { configUrl: url, ...options });
        client.page('Home');
        client.identify('u1', { plan: 'pro' });
        client.track('Product Viewed', { product_id: 'p1' });
        client.group('g1', { seats: 3 });
        client.alias('u2', 'u1');
      },
      { write_key, url: program.url, options },
    );
  return { page, errors, call };
}

interface Rudder {
  readonly RudderAnalytics: new () => {
    load(write_key: string, data_plane_url: string, options: object): void;
    page(name: string): void;
    identify(user_id: string, traits: object): void;
    track(event: string, properties: object): void;
    group(group_id: string, traits: object): void;
    alias(to: string, from: string): void;
  };
}

interface EventAnswer {
  readonly type: string;
  readonly event: string;
  readonly fate: string;
  readonly user_id: string;
  readonly library: string;
  readonly traits: unknown;
  readonly context: { readonly campaign?: unknown };
}

async function storedOf(source: string): Promise<Map<string, EventAnswer>> {
  const { sources } = await program.api<{ sources: { id: string; name: string }[] }>('GET', '/api/sources');
  const id = sources.find(({ name }) => name === source)?.id;
  let events: readonly EventAnswer[] = [];
  const list = async () => {
    const path = `/api/events?fate=stored&source=${id}`;
    ({ events } = await program.api<{ events: readonly EventAnswer[] }>('GET', path));
    return events.length;
  };
  await expect.poll(list, { timeout: 20_000, interval: 100 }).toBe(5);
  return new Map(events.map((event) => [event.type, event]));
}

test.each([
  ['one request an event', '/v1/track', {}],
  ['batches', '/v1/batch', { queueOptions: { batch: { enabled: true, maxItems: 5, flushInterval: 300 } } }],
  ['beacons', '/beacon/v1/batch', { useBeacon: true, beaconQueueOptions: { maxItems: 5 } }],
])('%s: every call is stored', async (source, path, options) => {
  const { page, errors, call } = await visit(source, options);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await call();
  const stored = await storedOf(source);
  expect([...stored.keys()].sort()).toEqual(['alias', 'group', 'identify', 'page', 'track']);
  expect(stored.get('track')).toMatchObject({ event: 'Product Viewed', user_id: 'u1' });
  expect(stored.get('track')?.library).toMatch(/^RudderLabs JavaScript SDK\/3/);
  expect(stored.get('identify')?.traits).toEqual({ plan: 'pro' });
  expect(stored.get('group')?.traits).toEqual({ seats: 3 });
  expect(stored.get('page')?.context.campaign).toEqual({ source: 'news' });
  expect(asked).toContain(path);
  expect(errors).toEqual([]);
  await page.context().close();
});

test('what a failing server did not take is sent again, and stored once', async () => {
  const { page, call } = await visit('Retries', {});
  let failures = 0;
  await page.route('**/v1/track', (route) =>
    failures++ === 0
      ? route.fulfill({ status: 503, headers: { 'access-control-allow-origin': '*' } })
      : route.continue(),
  );
  const retried = page.waitForRequest((request) => request.headers()['rsa-retry-attempt'] === '1');
  await call();
  await retried;
  expect((await storedOf('Retries')).get('track')).toMatchObject({ event: 'Product Viewed' });
  await page.context().close();
});
