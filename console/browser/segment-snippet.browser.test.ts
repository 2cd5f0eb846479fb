import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningPlumbline, startPlumbline } from '../../test/start-plumbline.ts';
import { launchChromium, watchErrors } from './chromium.ts';
import { type OtherSite, openOtherSite } from './other-site.ts';

/** Segment's snippet with this server as its host: client, settings and delivery come from one place. */
let program: RunningPlumbline;
let browser: Browser;
let site: OtherSite;

beforeAll(async () => {
  program = await startPlumbline();
  browser = await launchChromium();
  const write_key = await program.writeKey('Website', 'browser');
  site = await openOtherSite({ '/snippet.js': snippet(program.url, write_key) });
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
  await program?.stop();
});

/** What the snippet does: calls wait in a list, which the client takes over once its script is there. */
const snippet = (host: string, write_key: string): string => `
  const analytics = (window.analytics = window.analytics || []);
  analytics.invoked = true;
  for (const method of ['page', 'track', 'identify', 'ready', 'on'])
    analytics[method] = (...args) => { analytics.push([method, ...args]); return analytics; };
  analytics._writeKey = '${write_key}';
  analytics._cdn = '${host}';
  const script = document.createElement('script');
  script.async = true;
  script.src = '${host}/analytics.js/v1/${write_key}/analytics.min.js';
  document.head.append(script);
  analytics.page('Home');
  analytics.track('Product Viewed', { product_id: 'p1' });`;

interface EventAnswer {
  readonly type: string;
  readonly library: string;
  readonly context: { readonly campaign?: unknown };
}

test('what the snippet queued arrives, and no other server is asked', async () => {
  const page = await browser.newPage();
  const errors = watchErrors(page);
  const hosts = new Set<string>();
  page.on('request', (request) => hosts.add(new URL(request.url()).host));
  await page.goto(`${site.url}/?utm_source=news`);
  let events: readonly EventAnswer[] = [];
  const stored = async () => {
    ({ events } = await program.api<{ events: readonly EventAnswer[] }>('GET', '/api/events?fate=stored'));
    return events.map(({ type }) => type).sort();
  };
  await expect.poll(stored, { timeout: 20_000 }).toEqual(['page', 'track']);
  expect(events[0]?.library).toMatch(/^analytics\.js\//);
  expect(events[0]?.context.campaign).toEqual({ source: 'news' });
  expect([...hosts].sort()).toEqual([new URL(program.url).host, new URL(site.url).host].sort());
  expect(errors).toEqual([]);
});
