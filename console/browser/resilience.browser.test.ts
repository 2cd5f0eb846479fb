import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type RunningPlumbline, startPlumbline } from '../../test/start-plumbline.ts';
import { launchChromium, signedInContext } from './chromium.ts';
import { productViewed, sendEvents } from './send-event.ts';

let program: RunningPlumbline;
let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  program = await startPlumbline();
  browser = await launchChromium();
  context = await signedInContext(browser, program.signInUrl);
  await sendEvents(program.url, await program.writeKey('Shop'), [productViewed('ada', 1)]);
});

beforeEach(async () => {
  await page?.close();
  page = await context.newPage();
});

afterAll(async () => {
  await browser?.close();
  await program?.stop();
});

test('offline is said, what was read stays, and the page catches up', async () => {
  await page.goto(program.url);
  const row = page.getByRole('row', { name: /Product Viewed.*ada/ });
  await row.waitFor();
  await context.setOffline(true);
  await page.getByText('This device is offline.').waitFor();
  expect(await row.isVisible()).toBe(true);
  await context.setOffline(false);
  await page.getByText('This device is offline.').waitFor({ state: 'detached' });
  await sendEvents(program.url, await program.writeKey('Shop'), [productViewed('bob', 2)]);
  await page.getByRole('row', { name: /Product Viewed.*bob/ }).waitFor();
});

test('a failing server is shown with its words, its number and a way to try again', async () => {
  const refusal = {
    error: {
      code: 'conflict',
      message: 'The group is busy.',
      help: 'Try again in a minute.',
      request_id: 'req-77',
    },
  };
  let failing = true;
  await page.route('**/api/quarantine', (route) =>
    failing
      ? route.fulfill({ status: 409, contentType: 'application/json', body: JSON.stringify(refusal) })
      : route.continue(),
  );
  await page.goto(`${program.url}/quarantine`);
  const alert = page.getByRole('alert');
  await alert.getByText('The group is busy.').waitFor();
  await alert.getByText('Try again in a minute.').waitFor();
  await alert.getByText('req-77').waitFor();
  failing = false;
  await alert.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('Nothing is in quarantine').waitFor();
});

test('light or dark is remembered and set before the first paint', async () => {
  await page.goto(program.url);
  await page.getByRole('button', { name: 'Colours: light or dark' }).click();
  await page.getByRole('menuitem', { name: 'Dark' }).click();
  await page.locator('html[data-mantine-color-scheme=dark]').waitFor();
  // Without the application's script only color-scheme.js can have set it.
  await page.route('**/assets/*.js', (route) => route.abort());
  await page.goto(program.url);
  expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark');
});

test('a session that ended leads to the way in', async () => {
  await page.goto(program.url);
  await page.getByRole('heading', { name: 'Live events' }).waitFor();
  await context.clearCookies();
  await page.getByRole('heading', { name: 'Welcome to Plumbline' }).waitFor();
});
