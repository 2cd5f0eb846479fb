import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeFaults } from './chromium.ts';
import { loaded, type OpenConsole, openConsole } from './open-console.ts';

/** What somebody is shown whose role sees no people. */
let opened: OpenConsole;
let page: Page;
const PASSWORD = 'a long password for a viewer';

beforeAll(async () => {
  opened = await openConsole();
  const { program, context } = opened;
  await program.api('POST', '/api/users', { name: 'Vera', roles: ['viewer'], password: PASSWORD });
  const rule = { all: [{ predicate: 'count', event: 'Order Completed', at_least: 1 }] };
  const body = { label: 'Bought', owner: 'ada', purpose: 'test', refresh: { every: 'day' }, rule };
  await program.api('POST', '/api/apply', {
    message: 'One segment',
    definitions: [{ kind: 'segment', name: 'bought', body }],
  });
  const browser = context.browser();
  if (browser === null) throw new Error('no browser');
  page = await (await browser.newContext()).newPage();
  await page.goto(`${program.url}/`);
  await page.getByRole('textbox', { name: 'Name' }).fill('Vera');
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor({ state: 'detached' });
});
afterAll(() => opened?.close());

test('a page of an object that the role does not see says so, and nothing asks to be tried again', async () => {
  await page.goto(`${opened.program.url}/matching`);
  await page.getByText('Your role does not see this').first().waitFor();
  await loaded(page);
  expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
  expect(await axeFaults(page)).toEqual([]);
});

test('a list of people is for editors; the other checks are there', async () => {
  await page.goto(`${opened.program.url}/segments?open=bought&tab=checks`);
  await page.getByText('People are for editors').waitFor();
  expect(await page.getByLabel('People, one a line').count()).toBe(0);
  await page.getByRole('tab', { name: 'Week by week' }).click();
  await page.getByText('No data yet').waitFor();
  expect(await axeFaults(page)).toEqual([]);
});
