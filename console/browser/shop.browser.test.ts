import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningPlumbline, startPlumbline } from '../../test/start-plumbline.ts';
import { axeFaults, launchChromium, watchErrors } from './chromium.ts';

/** The demo as a visitor of its shop sees it: Segment's own browser client, unmodified, sends what is clicked. */
let program: RunningPlumbline;
let browser: Browser;
let page: Page;
let errors: string[];

beforeAll(async () => {
  program = await startPlumbline({ command: 'demo', args: ['--people', '40', '--days', '3'] });
  browser = await launchChromium();
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  errors = watchErrors(page);
  await page.goto(`${program.url}/demo/shop/`);
});

afterAll(async () => {
  await browser?.close();
  await program?.stop();
});

interface Events {
  readonly events: readonly {
    readonly fate: string;
    readonly event: string;
    readonly library: string;
    readonly reason: string;
  }[];
}

/** The newest event of that name from the browser's client, once it has arrived. */
async function arrived(event: string, fate: string) {
  for (let attempt = 0; attempt < 100; attempt++) {
    const { events } = await program.api<Events>(
      'GET',
      `/api/events?event=${encodeURIComponent(event)}&fate=${fate}`,
    );
    const mine = events.find((each) => each.library.startsWith('analytics.js'));
    if (mine !== undefined) return mine;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${event} did not arrive as ${fate}`);
}

test('looking at a product arrives as an event', async () => {
  await page.locator('#goods button').first().click();
  await page.locator('#product-add').click();
  expect(await arrived('Product Added', 'stored')).toMatchObject({ fate: 'stored' });
});

test('an order is stored, a broken one waits in quarantine', async () => {
  await page.locator('#broken-order').click();
  expect(await arrived('Order Completed', 'quarantined')).toMatchObject({ reason: 'schema_violation' });
  await page.locator('#order').click();
  await arrived('Order Completed', 'stored');
});

test('the page is accessible and without errors', async () => {
  expect(await axeFaults(page)).toEqual([]);
  expect(errors).toEqual([]);
});
