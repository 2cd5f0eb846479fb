import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningPlumbline, startPlumbline } from '../../test/start-plumbline.ts';
import {
  axeFaults,
  launchChromium,
  settled,
  sidewaysScroll_px,
  signedInContext,
  watchErrors,
} from './chromium.ts';
import { productViewed, sendEvents } from './send-event.ts';

const PAGES = [
  ['/', 'Live events'],
  ['/sources', 'Sources'],
  ['/tracking-plan', 'Tracking plan'],
  ['/tracking-plan?tab=violations', 'Tracking plan'],
  ['/tracking-plan?tab=drift', 'Tracking plan'],
  ['/tracking-plan?tab=edit', 'Tracking plan'],
  ['/tracking-plan?tab=releases', 'Tracking plan'],
  ['/quarantine', 'Quarantine'],
  ['/quarantine?tab=history', 'Quarantine'],
  ['/reconciliation', 'Delivery reconciliation'],
  ['/system-health', 'Health'],
  ['/settings', 'Settings'],
  ['/settings?tab=people', 'Settings'],
  ['/settings?tab=tokens', 'Settings'],
  ['/settings?tab=audit', 'Settings'],
  ['/no-such-page', 'There is no such page'],
] as const;

let program: RunningPlumbline;
let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  program = await startPlumbline();
  browser = await launchChromium();
  context = await signedInContext(browser, program.signInUrl);
  await program.api('POST', '/api/apply', { definitions: [PLAN], message: 'A plan to break' });
  const write_key = await program.writeKey('Shop');
  const { sources } = await program.api<{ sources: { id: string; name: string }[] }>('GET', '/api/sources');
  const shop = sources.find((source) => source.name === 'Shop');
  await program.api('PATCH', `/api/sources/${shop?.id}`, { settings: { tracking_plan: 'shop' } });
  await sendEvents(program.url, write_key, [
    productViewed('ada', 1),
    productViewed('bob', 'two'),
    { type: 'page', anonymousId: 'cyd', name: 'Home' },
    { type: 'track', event: 'Nobody Did This' },
  ]);
  const page = await context.newPage();
  await page.goto(`${program.url}/quarantine`);
  await page.getByRole('row', { name: /Product Viewed/ }).waitFor();
  await page.close();
});

afterAll(async () => {
  await browser?.close();
  await program?.stop();
});

describe.each([1440, 390])('at %i px', (width) => {
  test.each(PAGES)('%s is accessible in both schemes and does not scroll sideways', async (path, heading) => {
    const page = await context.newPage();
    await page.setViewportSize({ width, height: 900 });
    const errors = watchErrors(page);
    await page.goto(`${program.url}${path}`);
    await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
    await loaded(page);
    expect(await faultsInBothSchemes(page)).toEqual([]);
    expect(await sidewaysScroll_px(page)).toBe(0);
    expect(errors).toEqual([]);
    await page.close();
  });

  test('opened panels are accessible too', async () => {
    const page = await context.newPage();
    await page.setViewportSize({ width, height: 900 });
    await page.goto(program.url);
    await page.getByRole('row', { name: /Product Viewed.*Quarantined/ }).click();
    await page.getByRole('dialog').locator('.pl-steps li').first().waitFor();
    expect(await faultsInBothSchemes(page)).toEqual([]);

    await page.goto(`${program.url}/quarantine`);
    await page.getByRole('row', { name: /Product Viewed/ }).click();
    await page.getByRole('button', { name: 'Suggest a rule' }).click();
    await page.locator('.pl-tag', { hasText: 'would not' }).waitFor();
    expect(await faultsInBothSchemes(page)).toEqual([]);
    expect(await sidewaysScroll_px(page)).toBe(0);

    await page.goto(`${program.url}/sources`);
    await page.getByRole('row', { name: /Shop/ }).click();
    for (const tab of ['Write keys', 'Rules', 'Send events']) {
      await page.getByRole('tab', { name: tab }).click();
      expect(await faultsInBothSchemes(page)).toEqual([]);
    }
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Page' }).waitFor();
    expect(await faultsInBothSchemes(page)).toEqual([]);
    await page.close();
  });
});

test('on a narrow screen the pages are in a drawer', async () => {
  const page = await context.newPage();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(program.url);
  await page.getByRole('button', { name: 'Open the list of pages' }).click();
  await page.getByRole('dialog').getByRole('link', { name: 'Health' }).click();
  await page.getByRole('heading', { name: 'Health', level: 1 }).waitFor();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await page.close();
});

test('signed out, the first-run page is accessible', async () => {
  const page = await (await browser.newContext()).newPage();
  await page.goto(program.url);
  await page.getByRole('heading', { name: 'Welcome to Plumbline' }).waitFor();
  expect(await axeFaults(page)).toEqual([]);
});

/** No skeleton is left. */
async function loaded(page: Page): Promise<void> {
  await page.locator('[aria-busy=true], .mantine-Skeleton-root').first().waitFor({ state: 'detached' });
}

async function faultsInBothSchemes(page: Page): Promise<string[]> {
  const faults: string[] = [];
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.locator(`html[data-mantine-color-scheme=${scheme}]`).waitFor();
    await settled(page);
    faults.push(...(await axeFaults(page)).map((fault) => `${scheme}: ${fault}`));
  }
  return faults;
}

const PLAN = {
  kind: 'tracking-plan',
  name: 'shop',
  body: {
    events: [
      { event: 'Product Viewed', schema: { type: 'object', properties: { price: { type: 'number' } } } },
    ],
  },
};
