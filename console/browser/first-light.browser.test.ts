import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningPlumbline, startPlumbline } from '../../test/start-plumbline.ts';
import { launchChromium, watchErrors } from './chromium.ts';
import { productViewed, sendEvents } from './send-event.ts';

/** One person's first hour, in order: each test goes on where the one before stopped. */
let program: RunningPlumbline;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let errors: string[];

beforeAll(async () => {
  program = await startPlumbline();
  browser = await launchChromium();
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  page = await context.newPage();
  errors = watchErrors(page);
});

afterAll(async () => {
  await browser?.close();
  await program?.stop();
});

test('without the link a new installation explains how to get in', async () => {
  await page.goto(program.url);
  await page.getByRole('heading', { name: 'Welcome to Plumbline' }).waitFor();
});

test('the one-time link leads to live events and asks for a password', async () => {
  await page.goto(program.signInUrl);
  await page.getByRole('heading', { name: 'Live events' }).waitFor();
  await page.getByRole('region', { name: 'Set a password' }).waitFor();
  await page.getByText('No events yet').waitFor();
});

test('the command shown works and its event appears by itself', async () => {
  const command = (await page.locator('pre.pl-code').textContent()) ?? '';
  const write_key = /-u (\S+):/.exec(command)?.[1] ?? '';
  const body = /-d '(.*)'/.exec(command)?.[1] ?? '';
  const response = await fetch(/curl (\S+)/.exec(command)?.[1] ?? '', {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${write_key}:`)}`, 'content-type': 'application/json' },
    body,
  });
  expect(response.status).toBe(200);
  await page.getByRole('row', { name: /Product Viewed.*Stored/ }).waitFor();
});

test('a row opens with the steps that led to its fate', async () => {
  await page.getByRole('row', { name: /Product Viewed/ }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByRole('heading', { name: 'Why it is where it is' }).waitFor();
  await drawer.locator('.pl-steps li').first().waitFor();
  await drawer.getByText('product_id').waitFor();
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'hidden' });
});

test('a source is made, and its rules name a plan', async () => {
  await page.goto(`${program.url}/tracking-plan?tab=edit`);
  await page.getByLabel('Name of the plan').fill('shop');
  await page.getByLabel('Text of the plan').fill(PLAN);
  await page.getByRole('button', { name: 'Check and compare' }).click();
  await page.getByText('shop will be created').waitFor();
  await page.getByLabel('What changes, in a sentence').fill('First plan');
  await page.getByRole('button', { name: 'Release', exact: true }).click();
  await page.getByText(/Release \d+ is live/).waitFor();

  await page.goto(`${program.url}/sources`);
  await page.getByRole('button', { name: 'Create source' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create a source' });
  await dialog.getByLabel('Name').fill('Checkout');
  await dialog.getByRole('button', { name: 'Create source' }).click();
  const drawer = page.getByRole('dialog', { name: 'Checkout' });
  await drawer.getByRole('tab', { name: 'Rules' }).click();
  await drawer.getByLabel('Tracking plan').click();
  await page.getByRole('option', { name: 'shop' }).click();
  await drawer.getByRole('button', { name: 'Save rules' }).click();
  await page.getByText('The rules hold from the next event on').waitFor();
});

test('a broken event is found in quarantine, repaired, replayed and stored', async () => {
  const write_key = await program.writeKey('Checkout');
  await sendEvents(program.url, write_key, [productViewed('ada', '12,50'), productViewed('ada', 9.5)]);
  await page.goto(`${program.url}/?fate=quarantined`);
  await page.getByRole('row', { name: /Product Viewed.*Quarantined/ }).click();
  await page.getByRole('link', { name: 'Open in Quarantine to repair it' }).click();
  await page.getByRole('row', { name: /Product Viewed.*properties\.price/ }).click();
  await page.getByText('1 would not').waitFor();

  await page.getByRole('button', { name: 'Suggest a rule' }).click();
  await page.getByText('1 would pass').waitFor();
  expect(await page.locator('.pl-diff-before').textContent()).toContain('"12,50"');
  expect(await page.locator('.pl-diff-after').textContent()).toContain('12.5');

  await page.getByRole('button', { name: 'Replay 1 event' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Replay', exact: true }).click();
  await page.getByText('Replayed 1 of 1 event.').waitFor();
  await page.getByText('This group is empty').waitFor();
  await page.goto(`${program.url}/?fate=stored&person=ada`);
  await expect
    .poll(() => page.getByRole('row', { name: /Product Viewed.*Stored/ }).count(), { timeout: 20_000 })
    .toBe(2);
});

test('every number adds up', async () => {
  await page.goto(`${program.url}/reconciliation`);
  await page.getByText('Adds up').waitFor();
  await page.getByRole('img', { name: /Events received by hour/ }).waitFor();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export CSV' }).click(),
  ]);
  expect(file.suggestedFilename()).toBe('delivery-reconciliation.csv');
});

test('a password is set; afterwards it is the way in', async () => {
  await page.goto(`${program.url}/settings`);
  await page.getByLabel(/^New password( \*)?$/).fill('four unrelated words');
  await page.getByLabel('New password again').fill('four unrelated words');
  await page.getByRole('button', { name: 'Set password' }).click();
  await page.getByLabel('Current password').waitFor();
  await page.goto(program.url);
  await page.getByRole('heading', { name: 'Live events' }).waitFor();
  expect(await page.getByRole('region', { name: 'Set a password' }).count()).toBe(0);

  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByLabel(/^Password/).fill('four unrelated words');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Live events' }).waitFor();
});

test('the browser refused nothing and nothing failed on the way', () => {
  expect(errors).toEqual([]);
});

const PLAN = `events:
  - event: Product Viewed
    schema:
      type: object
      required: [product_id, price]
      properties:
        product_id: { type: string }
        price: { type: number }
`;
