import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningPlumbline, startPlumbline } from '../../test/start-plumbline.ts';
import { launchChromium, signedInContext } from './chromium.ts';
import { productViewed, sendEvents } from './send-event.ts';

let program: RunningPlumbline;
let browser: Browser;
let page: Page;
let write_key: string;

beforeAll(async () => {
  program = await startPlumbline();
  browser = await launchChromium();
  page = await (await signedInContext(browser, program.signInUrl)).newPage();
  write_key = await program.writeKey('Shop');
  await sendEvents(program.url, write_key, [productViewed('ada', 1), productViewed('bob', 2)]);
  await page.goto(program.url);
  await page.getByRole('row', { name: /Product Viewed.*bob/ }).waitFor();
});

afterAll(async () => {
  await browser?.close();
  await program?.stop();
});

test('/ puts the cursor into search, and Escape takes it out', async () => {
  await page.keyboard.press('/');
  const search = page.getByLabel('Search events');
  expect(await search.evaluate((field) => field === document.activeElement)).toBe(true);
  await page.keyboard.type('ada');
  await page.waitForURL(/q=ada/);
  await page.getByRole('row', { name: /bob/ }).waitFor({ state: 'detached' });
  await search.fill('');
  await page.waitForURL((url) => !url.searchParams.has('q'));
  await page.keyboard.press('Escape');
  expect(await search.evaluate((field) => field === document.activeElement)).toBe(false);
});

test('Space pauses and resumes; what came meanwhile is then shown', async () => {
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: /Resume/ }).waitFor();
  await sendEvents(program.url, write_key, [productViewed('cyd', 3)]);
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: /Pause/ }).waitFor();
  await page.getByRole('row', { name: /Product Viewed.*cyd/ }).waitFor();
});

test('J opens the newest row, J again the next, Escape closes', async () => {
  await page.keyboard.press('j');
  const drawer = page.getByRole('dialog');
  await drawer.getByText('cyd').first().waitFor();
  await page.keyboard.press('j');
  await drawer.getByText('cyd').first().waitFor({ state: 'hidden' });
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'hidden' });
});

test('Ctrl+K finds a page by name', async () => {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Page' }).waitFor();
  await page.keyboard.type('quar');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Quarantine', level: 1 }).waitFor();
});

test('? opens the same list, with the shortcuts', async () => {
  await page.keyboard.press('?');
  await page.getByText('Pause or resume live events').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
});

test('g and a letter goes to a page', async () => {
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await page.getByRole('heading', { name: 'Sources', level: 1 }).waitFor();
});

test('Tab reaches a link that skips to the page', async () => {
  await page.goto(program.url);
  await page.getByRole('heading', { name: 'Live events' }).waitFor();
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the page');
});
