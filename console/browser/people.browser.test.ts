import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningPlumbline } from '../../test/start-plumbline.ts';
import { expectFit, type OpenConsole, oneScheme, openConsole } from './open-console.ts';
import { productViewed, sendEvents } from './send-event.ts';

/** From events to people, who is who by hand, a list brought in, a trait computed: as a person does it. */
let opened: OpenConsole;
let program: RunningPlumbline;
let page: Page;

beforeAll(async () => {
  opened = await openConsole();
  ({ program, page } = opened);
  const write_key = await program.writeKey('Shop');
  await sendEvents(program.url, write_key, [
    { ...productViewed('ada', 12), anonymousId: 'phone-1' },
    identify('ada', 'phone-1', { name: 'Ada Lovelace', email: 'ada@example.com', plan: 'pro' }),
    identify('ada', 'laptop-1', { phone: '+491701234567' }),
    { type: 'group', userId: 'ada', groupId: 'engines', traits: { name: 'Analytical Engines' } },
    { type: 'track', event: 'Order Completed', userId: 'ada', properties: { total: 40 } },
    { type: 'track', event: 'Order Completed', userId: 'ada', properties: { total: 2 } },
    identify('bob', 'phone-1', { name: 'Bob', email: 'bob@example.com' }),
  ]);
});

afterAll(() => opened?.close());

test('somebody is found by the beginning of a name, and opens with what is known', async () => {
  await expect.poll(async () => (await found('Ada L')).length, { timeout: 30_000 }).toBeGreaterThan(0);
  await page.goto(`${program.url}/people`);
  await page.getByLabel('Find a person').fill('Ada L');
  await page.getByRole('link', { name: 'Ada Lovelace' }).click();
  await page.getByRole('heading', { name: 'Ada Lovelace', level: 1 }).waitFor();
  expect(page.url()).not.toContain('Ada');
  await page.getByRole('row', { name: /plan pro/ }).waitFor();
  await page.getByRole('link', { name: 'Analytical Engines' }).waitFor();
});

test('the timeline has the events of all identifiers, and opens one', async () => {
  await page.getByRole('tab', { name: 'Timeline' }).click();
  await page.getByRole('button', { name: 'Product Viewed' }).click();
  const drawer = page.getByRole('dialog', { name: 'Product Viewed' });
  await drawer.getByText('product_id').waitFor();
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'hidden' });
});

test('the drawing says what stayed out; an identifier is taken out and linked again', async () => {
  await page.getByRole('tab', { name: 'Identity' }).click();
  // The phone was ada's first; when bob signed in on it, the two were not joined.
  await page.getByRole('button', { name: /Another person/ }).waitFor();
  await page.getByRole('button', { name: /Phone.*\+491701234567/ }).press('Enter');
  await page.getByRole('button', { name: 'Take out of this person…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Take out', exact: true }).click();
  await page.getByText(/on their own now/).waitFor();
  await expect.poll(async () => (await profile('ada')).identifiers).not.toContain('phone');
  await page.getByRole('alert').getByRole('button', { name: 'Link again' }).click();
  await page.getByText(/They are one person now/).waitFor();
  await expect.poll(async () => (await profile('ada')).identifiers).toContain('phone');
});

const GRACE = '/api/profiles/email:grace@example.com';

test('a list is brought in: guessed columns, dry run, reject file, and its people are there', async () => {
  await page.goto(`${program.url}/import`);
  await page.getByRole('button', { name: 'Choose a file' }).click();
  const choose = (text: string) =>
    page
      .locator('input[type=file]')
      .setInputFiles({ name: 'crm.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  await choose('email,First Name\n');
  await page.getByText('The file has no rows.').waitFor();
  await choose('email,First Name,Churn score\ngrace@example.com,Grace,0.25\nno mail,Nobody,0.5\n');
  await page.getByText('1 would be taken').waitFor();
  await page.getByRole('combobox', { name: 'Churn score becomes' }).click();
  await page.getByRole('option', { name: 'Score', exact: true }).click();
  expect(await page.getByLabel('Name of the score in Churn score').inputValue()).toBe('churn');
  await page.getByText('1 would not').waitFor();
  await page.getByRole('button', { name: 'Import all rows' }).click();
  const drawer = page.getByRole('dialog', { name: 'Import' });
  await drawer.getByText('Done').waitFor({ timeout: 20_000 });
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    drawer.getByRole('button', { name: 'Reject file' }).click(),
  ]);
  expect(file.suggestedFilename()).toMatch(/^rejects-.*\.csv$/);
  await expect.poll(async () => (await found('grace@example.com')).length, { timeout: 20_000 }).toBe(1);
  const scored = () => program.api<{ traits: { name: string; value: unknown }[] }>('GET', GRACE);
  await expect
    .poll(async () => (await scored()).traits.find(({ name }) => name === 'score.churn')?.value)
    .toBe(0.25);
});

test('a trait is computed: previewed, released, and on the profile for the past as well', async () => {
  await page.goto(`${program.url}/traits`);
  await page.getByRole('button', { name: 'New computed trait' }).click();
  await page.getByLabel('Name', { exact: true }).fill('revenue');
  await page.getByRole('combobox', { name: 'What it says' }).click();
  await page.getByRole('option', { name: 'Sum of a property' }).click();
  await page.getByRole('combobox', { name: 'Events that count' }).fill('Order Completed');
  await page.keyboard.press('Enter');
  await page.getByRole('combobox', { name: 'Property', exact: true }).fill('total');
  await page.getByText('people would have it').waitFor();
  await page.getByRole('button', { name: 'Check and compare' }).click();
  await page.getByLabel('What changes, in a sentence').fill('Revenue of each person');
  await page.getByRole('button', { name: 'Release', exact: true }).click();
  await page.getByText(/Release \d+ is live/).waitFor();
  await page.getByRole('row', { name: /revenue.*Up to date/ }).waitFor({ timeout: 30_000 });
  await expect.poll(async () => (await profile('ada')).computed['revenue'], { timeout: 20_000 }).toBe(42);
});

test('other identity rules say whom they would split before they are released', async () => {
  await page.goto(`${program.url}/identity-rules`);
  await page
    .getByRole('row', { name: /E-mail/ })
    .first()
    .getByRole('button', { name: 'Change' })
    .click();
  const drawer = page.getByRole('dialog', { name: 'E-mail' });
  await drawer.getByRole('combobox', { name: 'Blocked values' }).fill('ada@example.com');
  await page.keyboard.press('Enter');
  await drawer.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: 'See who would split or join' }).click();
  await page.getByText('people who become several').waitFor({ timeout: 20_000 });
});

test('a draft of the rules stays on the bench while its review is waited for', async () => {
  await page.getByRole('button', { name: 'Save draft' }).click();
  await page.getByRole('button', { name: 'Ask for approval' }).click();
  await page.getByText('Waits for approval').waitFor();
  await page.reload();
  await page.getByText('Waits for approval').waitFor();
});

test('the browser refused nothing and nothing failed on the way', () => {
  expect(opened.errors).toEqual([]);
});

const PAGES = [
  ['/people', 'People'],
  ['/groups', 'Groups'],
  ['/import', 'Import'],
  ['/import?new=file', 'Import'],
  ['/traits', 'Traits'],
  ['/traits?tab=all', 'Traits'],
  ['/traits?edit=new', 'New computed trait'],
  ['/identity-rules', 'Identity rules'],
  ['/identity-rules?tab=blocked', 'Identity rules'],
  ['/identity-rules?tab=changes', 'Identity rules'],
] as const;

describe.each([1440, 390])('at %i px', (width) => {
  test.each(PAGES)('%s is accessible and does not scroll sideways', async (path, heading) => {
    await expectFit(opened, { path, heading, width, schemes: oneScheme(width) });
  });

  test.each(['overview', 'identity', 'timeline', 'sessions'])('so is the tab %s of a person', async (tab) => {
    const { person } = await profile('ada');
    const path = `/people?open=${person}&tab=${tab}`;
    await expectFit(opened, { path, heading: 'Ada Lovelace', width, schemes: oneScheme(width) });
  });
});

function identify(userId: string, anonymousId: string, traits: object): object {
  return { type: 'identify', userId, anonymousId, traits, messageId: crypto.randomUUID() };
}

async function found(q: string): Promise<readonly unknown[]> {
  const answer = await program.api<{ people: unknown[] }>('GET', `/api/profiles?q=${encodeURIComponent(q)}`);
  return answer.people;
}

interface ProfileAnswer {
  readonly person: string;
  readonly identifiers: readonly { readonly type: string }[];
  readonly computed: readonly { readonly name: string; readonly value: unknown }[];
}

async function profile(user_id: string) {
  const answer = await program.api<ProfileAnswer>('GET', `/api/profiles/user_id:${user_id}`);
  return {
    person: answer.person,
    identifiers: answer.identifiers.map(({ type }) => type),
    computed: Object.fromEntries(answer.computed.map(({ name, value }) => [name, value])),
  };
}
