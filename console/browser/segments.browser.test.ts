import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningPlumbline } from '../../test/start-plumbline.ts';
import { expectFit, type OpenConsole, oneScheme, openConsole } from './open-console.ts';
import { sendEvents } from './send-event.ts';

/** A rule built with the size in view, released, looked into: who is in it, why, and who comes and goes. */
let opened: OpenConsole;
let program: RunningPlumbline;
let page: Page;
let write_key: string;

const BUYERS = 6;

beforeAll(async () => {
  opened = await openConsole();
  ({ program, page } = opened);
  write_key = await program.writeKey('Shop');
  await sendEvents(program.url, write_key, [
    ...Array.from({ length: BUYERS }, (_, index) => order(`buyer-${index}`, 10 * (index + 1))),
    ...Array.from({ length: 4 }, (_, index) => ({ type: 'page', userId: `looker-${index}`, name: 'Home' })),
    { type: 'identify', userId: 'buyer-0', traits: { name: 'Ada Lovelace', plan: 'pro' } },
  ]);
});

afterAll(() => opened?.close());

test('a rule is built with its size in view, and what is missing is marked in its place', async () => {
  await expect.poll(people, { timeout: 30_000 }).toBe(BUYERS + 4);
  await page.goto(`${program.url}/segments`);
  await page.getByRole('button', { name: 'Build the first one' }).click();
  await page.getByLabel('Label').fill('Big orders');
  await page.getByRole('button', { name: 'Add a condition' }).click();
  await page.getByRole('menuitem', { name: /Did something n times/ }).click();
  await page.getByRole('combobox', { name: 'Event', exact: true }).fill('Order Completed');
  await size(BUYERS);
  await page.getByRole('button', { name: 'Only where a property…' }).click();
  await page.getByText('2 places of the rule to complete first.').waitFor();
  await page.getByRole('combobox', { name: 'Property', exact: true }).fill('total');
  await page.getByRole('combobox', { name: 'Comparison of total' }).click();
  await page.getByRole('option', { name: 'is at least' }).click();
  await page.getByRole('textbox', { name: 'Value of total' }).fill('40');
  await size(3);
});

test('the keyboard turns a condition round, doubles it, takes it out; undo brings it back', async () => {
  const leaf = page.getByRole('group', { name: 'Did something n times', exact: true });
  await leaf.press('n');
  await size(BUYERS + 4 - 3);
  await page.getByRole('group', { name: 'Not: Did something n times' }).press('n');
  await leaf.press('d');
  await expect.poll(() => leaf.count()).toBe(2);
  await leaf.first().press('Delete');
  await expect.poll(() => leaf.count()).toBe(1);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => leaf.count()).toBe(2);
  await leaf.first().press('Delete');
  await size(3);
});

test('it is released with an owner and a purpose, and worked out', async () => {
  await page.getByLabel('Owner').fill('ada');
  await page.getByLabel('Purpose').fill('Thank-you letters');
  await page.getByRole('button', { name: 'Check and compare' }).click();
  await page.getByLabel('What changes, in a sentence').fill('A first segment');
  await page.getByRole('button', { name: 'Release', exact: true }).click();
  await page.getByText(/Release \d+ is live/).waitFor();
  await page.getByRole('heading', { name: 'Big orders', level: 1 }).waitFor();
  await expect.poll(members, { timeout: 30_000 }).toBe(3);
});

test('who is in it is listed, and why anybody is', async () => {
  await page.getByRole('tab', { name: 'People' }).click();
  await page.getByRole('button', { name: /Why is .*buyer-5 in it/ }).click();
  const drawer = page.getByRole('dialog', { name: 'Why in the segment, or why not' });
  await drawer.getByText('Fits the rule').waitFor();
  await drawer.getByText('yes').waitFor();
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'hidden' });
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export CSV' }).click(),
  ]);
  expect(file.suggestedFilename()).toBe('big-orders.csv');
});

test('somebody who orders enters at once, and is told so', async () => {
  await sendEvents(program.url, write_key, [order('late', 500)]);
  await expect.poll(members, { timeout: 30_000 }).toBe(4);
  await page.getByRole('tab', { name: 'In and out' }).click();
  await page
    .getByRole('row', { name: /entered.*an event/ })
    .first()
    .waitFor({ timeout: 20_000 });
});

test('an answer that comes late leaves the tab that was chosen meanwhile', async () => {
  let answer: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    void page.route('**/api/segments/refresh', async (route) => {
      resolve();
      await new Promise<void>((late) => {
        answer = late;
      });
      await route.continue();
    });
  });
  await page.getByRole('button', { name: 'Refresh now' }).click();
  await asked;
  await page.getByRole('tab', { name: 'Overlap' }).click();
  await page.waitForURL(/tab=overlap/);
  answer();
  await page.getByText(/Working it out for everybody/).waitFor();
  expect(page.url()).toContain('tab=overlap');
});

test('what gives away an income is held; somebody else than its author approves its use, and takes that back', async () => {
  await sendEvents(program.url, write_key, [
    ...Array.from({ length: 80 }, (_, index) => ({
      type: 'identify',
      userId: `earner-${index}`,
      traits: { household_income: (index % 40 < 36 === index < 40 ? 60_000 : 20_000) + (index % 40) },
    })),
    ...Array.from({ length: 40 }, (_, index) => order(`earner-${index}`, 5_000)),
  ]);
  const spent = { predicate: 'aggregate', event: 'Order Completed', property: 'total', calc: 'sum' };
  const rule = { ...spent, op: 'at_least', value: 4_000 };
  const body = { label: 'Yacht lovers', owner: 'crm', purpose: 'Letters', rule };
  const told = 'Would probably be held until its use is approved: membership tells';
  await expect.poll(() => firstNote(rule), { timeout: 30_000 }).toContain(told);
  const definitions = [{ kind: 'segment', name: 'yachts', body }];
  await program.api('POST', '/api/apply', { definitions, message: 'Yachts' });
  await expect.poll(useOf, { timeout: 30_000 }).toBe('held');

  await page.goto(`${program.url}/segments`);
  await page.getByRole('row', { name: /Yacht lovers.*Held/ }).waitFor();
  await page.getByRole('link', { name: 'Yacht lovers' }).click();
  const banner = page.getByRole('region', { name: 'Held: needs approval before use' });
  await banner
    .getByText(/household_income .* the member has the higher value in \d\d of 100 cases/)
    .waitFor();
  await expect.poll(() => page.getByRole('button', { name: 'Export CSV' }).isDisabled()).toBe(true);
  await expectFit(opened, { ...YACHTS, width: 1_440, schemes: ['light', 'dark'] });
  await expectFit(opened, { ...YACHTS, width: 390, schemes: ['light', 'dark'] });

  await banner.getByLabel('Why it may be used all the same').fill('Only for letters');
  await banner.getByRole('button', { name: 'Approve use' }).click();
  await page.getByText(/by .*: Only for letters \(household_income\)/).waitFor();
  await banner.waitFor({ state: 'detached' });
  expect(await useOf()).toBe('approved');
  await expectFit(opened, { ...YACHTS, width: 390, schemes: ['light', 'dark'] });
  await page.getByRole('button', { name: 'Withdraw approval' }).click();
  const dialog = page.getByRole('dialog', { name: 'Withdraw the approval?' });
  await dialog.getByLabel('Why').fill('Not any more');
  await dialog.getByRole('button', { name: 'Withdraw approval' }).click();
  await banner.waitFor();
  expect(await useOf()).toBe('held');
});

test('its own author is told who can approve it', async () => {
  await page.goto(`${program.url}/segments?edit=yachts`);
  await page.getByLabel('Purpose').fill('Loans');
  await page.getByRole('button', { name: 'Check and compare' }).click();
  await page.getByLabel('What changes, in a sentence').fill('Another purpose');
  await page.getByRole('button', { name: 'Release', exact: true }).click();
  await page.getByText(/Release \d+ is live/).waitFor();
  const banner = page.getByRole('region', { name: 'Held: needs approval before use' });
  await banner
    .getByText(
      /The author of a version cannot decide .* with the role editor can approve its use, other than/,
    )
    .waitFor({ timeout: 20_000 });
  expect(await banner.getByRole('button').count()).toBe(0);
});

test('the browser refused nothing and nothing failed on the way', () => {
  expect(opened.errors).toEqual([]);
});

const YACHTS = { path: '/segments?open=yachts', heading: 'Yacht lovers' };

const PAGES = [
  ['/segments', 'Segments'],
  ['/segments?edit=new', 'New segment'],
  ['/segments?edit=big-orders', 'Edit Big orders'],
  ['/segments?open=big-orders', 'Big orders'],
  ['/segments?open=big-orders&tab=members', 'Big orders'],
  ['/segments?open=big-orders&tab=changes', 'Big orders'],
  ['/segments?open=big-orders&tab=overlap', 'Big orders'],
] as const;

describe.each([1440, 390])('at %i px', (width) => {
  test.each(PAGES)('%s is accessible and does not scroll sideways', async (path, heading) => {
    await expectFit(opened, { path, heading, width, schemes: oneScheme(width) });
  });
});

const order = (userId: string, total: number) => ({
  type: 'track',
  event: 'Order Completed',
  userId,
  messageId: crypto.randomUUID(),
  properties: { total, currency: 'EUR' },
});

/** Waits until the preview says so. */
async function size(people: number): Promise<void> {
  await expect
    .poll(() => page.getByRole('region', { name: 'Preview' }).locator('.pl-stat-value').textContent(), {
      timeout: 15_000,
    })
    .toBe(String(people));
}

async function useOf(): Promise<string> {
  return (await program.api<{ state: string }>('GET', '/api/segments/yachts/use')).state;
}

/** Of a preview: what people said of themselves comes a moment after what they did. */
async function firstNote(rule: object): Promise<string> {
  const { notes } = await program.api<{ notes: string[] }>('POST', '/api/segment-rules/preview', { rule });
  return notes[0] ?? '';
}

async function people(): Promise<number> {
  return (await program.api<{ people: unknown[] }>('GET', '/api/profiles')).people.length;
}

async function members(): Promise<number> {
  const path = '/api/segments/big-orders/members';
  return (await program.api<{ members: unknown[] }>('GET', path)).members.length;
}
