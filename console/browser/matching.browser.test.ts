import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningPlumbline } from '../../test/start-plumbline.ts';
import { axeFaults } from './chromium.ts';
import { expectFit, type OpenConsole, openConsole } from './open-console.ts';
import { sendEvents } from './send-event.ts';

/** From an uploaded list to two records that are one person: each test goes on where the one before stopped. */
let opened: OpenConsole;
let program: RunningPlumbline;
let page: Page;

const FIRST = ['Ann', 'Bob', 'Cleo', 'Dora', 'Emil', 'Fritz', 'Gina', 'Hugo', 'Ines', 'Jakob', 'Kim', 'Lars'];
const LAST = [
  'Abel',
  'Berger',
  'Castor',
  'Dorn',
  'Engel',
  'Falk',
  'Gruber',
  'Haas',
  'Imhof',
  'Jansen',
  'Lang',
];
const PEOPLE = Array.from({ length: 240 }, (_, i) => ({
  id: `u${i}`,
  first_name: FIRST[(i * 7) % FIRST.length] ?? '',
  last_name: LAST[(i * 5 + Math.floor(i / 11)) % LAST.length] ?? '',
  email: `p${i}@mail.example`,
  postcode: String(10_000 + ((i * 13) % 40)),
}));

/** Two thirds of the people, with gaps and slips, and a line without an id. */
const CSV = [
  'CRM Id,First Name,Surname,E-Mail,ZIP',
  ...PEOPLE.slice(0, 160).map(
    (p, i) =>
      `c${i},${p.first_name},${i % 7 === 0 ? `${p.last_name}s` : p.last_name},${i % 3 === 0 ? '' : p.email},${p.postcode}`,
  ),
  ',Nobody,Here,,',
].join('\n');

const RULES = {
  description: 'People with the CRM list',
  mode: 'link',
  left: 'people',
  right: { list: 'crm' },
  fields: [
    { name: 'first_name', clean: 'name' },
    { name: 'last_name', clean: 'name' },
    { name: 'email', clean: 'email' },
    { name: 'postcode', clean: 'postcode' },
  ],
  blocking: [['email'], ['first_name', 'last_name'], ['last_name', 'postcode']],
  comparisons: [
    {
      name: 'first_name',
      field: 'first_name',
      levels: [{ is: 'exact' }, { is: 'jaro_winkler', at_least: 0.85 }],
    },
    {
      name: 'last_name',
      field: 'last_name',
      levels: [{ is: 'exact' }, { is: 'jaro_winkler', at_least: 0.85 }],
    },
    { name: 'email', field: 'email', levels: [{ is: 'exact' }] },
    { name: 'postcode', field: 'postcode', levels: [{ is: 'exact' }] },
  ],
  accept: { probability: 0.999 },
  review: { probability: 0.02 },
  auto: false,
  offline_online: 'allow',
};

beforeAll(async () => {
  opened = await openConsole();
  ({ program, page } = opened);
  const write_key = await program.writeKey('Shop');
  for (let from = 0; from < PEOPLE.length; from += 80) {
    const identifies = PEOPLE.slice(from, from + 80).map(({ id, ...traits }) => ({
      type: 'identify',
      userId: id,
      messageId: `identify-${id}`,
      traits,
    }));
    await sendEvents(program.url, write_key, identifies);
  }
  await known(PEOPLE.at(-1)?.id ?? '');
});

afterAll(() => opened?.close());

/** The feed behind the pipeline has reached this person. */
async function known(user_id: string): Promise<void> {
  for (let attempt = 0; attempt < 120; attempt++) {
    const found = await program.api('GET', `/api/profiles/user_id:${user_id}`).then(
      () => true,
      () => false,
    );
    if (found) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`${user_id} did not become a person`);
}

test('a list is checked, its columns are guessed, and it is stored', async () => {
  await page.goto(`${program.url}/matching?tab=lists`);
  await page.getByText('No list was uploaded yet').waitFor();
  await page.getByRole('button', { name: 'Upload a list' }).click();
  const dialog = page.getByRole('dialog', { name: 'Upload a list' });
  const file = { name: 'crm.csv', mimeType: 'text/csv', buffer: Buffer.from(CSV) };
  await page.locator('input[type=file]').setInputFiles(file);
  expect(await dialog.getByLabel('Stored as, for Surname').inputValue()).toBe('last_name');
  expect(await dialog.getByRole('combobox', { name: 'Column with the id' }).inputValue()).toBe('CRM Id');
  await dialog.getByRole('button', { name: 'Check', exact: true }).click();
  await dialog.getByText(/can be stored: 160\. Lines that cannot: 1/).waitFor();
  expect(await axeFaults(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Store the list' }).click();
  await page.getByRole('row', { name: /crm 160/ }).waitFor();
});

test('rules are written, checked and released', async () => {
  await page.goto(`${program.url}/matching?tab=rules`);
  await page.getByText('No matching rules are released').waitFor();
  await page.getByRole('button', { name: 'New rules' }).click();
  await page.getByLabel('Name of the rules').fill('crm');
  await page.getByLabel('Text of the rules').fill(JSON.stringify(RULES));
  await page.getByRole('button', { name: 'Check and compare' }).click();
  await page.getByText('crm will be created').waitFor();
  await page.getByLabel('What changes, in a sentence').fill('Match the CRM');
  await page.getByRole('button', { name: 'Release', exact: true }).click();
  await page.getByRole('row', { name: /crm.*People with the CRM list.*Wait for review/ }).waitFor();
});

test('a run shows what it found and how far it can be trusted', async () => {
  await page.goto(`${program.url}/matching?tab=runs`);
  await page.getByRole('button', { name: 'Find matches' }).click();
  await page.getByText('Pairs compared').waitFor({ timeout: 60_000 });
  await page.getByRole('img', { name: /precision and recall by threshold/ }).waitFor();
  for (const tab of ['Evidence', 'What was compared', 'Pairs', 'Known answers']) {
    await page.getByRole('tab', { name: tab }).click();
    expect(await axeFaults(page)).toEqual([]);
  }
  await page.getByRole('tab', { name: 'Pairs' }).click();
  await page.getByRole('row', { name: /%/ }).first().click();
  await page.getByRole('dialog').getByText('two records picked at random').waitFor();
  await page.keyboard.press('Escape');
});

test('pairs are decided by keys: joined, told apart, put back', async () => {
  await page.goto(`${program.url}/matching`);
  const left = page.getByText(/left to review/);
  const before = Number(/^([\d,]+) of/.exec((await left.textContent()) ?? '')?.[1]?.replace(',', ''));
  expect(before).toBeGreaterThan(3);
  await page.getByText('Why they may be the same').waitFor();
  await page.keyboard.press('a');
  await page.getByText('Joined as one person.').waitFor();
  await page.getByText(`${before - 1} of ${before} left to review`).waitFor();
  await page.getByText('Why they may be the same').waitFor();
  await page.keyboard.press('r');
  await page.getByText('Different people.').waitFor();
  await page.getByText(`${before - 2} of ${before} left to review`).waitFor();
  await page.keyboard.press('z');
  await page.getByText('Back in the queue.').waitFor();
  await page.getByText(`${before - 1} of ${before} left to review`).waitFor();
  await page.getByText('Why they may be the same').waitFor();
  await page.keyboard.press('j');
  await page.locator('.pl-pick[aria-current=true]').nth(0).waitFor();
});

test('the joined pair is one person', async () => {
  await page.goto(`${program.url}/matching?state=linked`);
  await page.getByText('These two are joined.').waitFor();
  const person = page.getByRole('link', { name: /^Person / }).first();
  expect(await person.getAttribute('href')).toMatch(/^\/people\?open=[0-9a-f]{16}$/);
});

test('a joined pair that was taken apart says so, and is decided anew', async () => {
  const { proposals } = await program.api<{ proposals: { right: { record_id: string } }[] }>(
    'GET',
    '/api/matching/proposals?state=linked',
  );
  const identifier = { type: 'crm_id', value: proposals[0]?.right.record_id };
  await program.api('POST', '/api/identity/unmerge', { identifier });
  await page.reload();
  await page.getByText('Taken apart again').waitFor();
  await page.keyboard.press('r');
  await page.getByText('Different people.').waitFor();
});

test.each([1440, 390])(
  'at %i px everything is accessible in both schemes and nothing scrolls sideways',
  async (width) => {
    for (const path of ['/matching', '/matching?tab=runs', '/matching?tab=lists', '/matching?tab=rules'])
      await expectFit(opened, { path, heading: 'Matching', width, schemes: ['light', 'dark'] });
  },
);

test('the browser refused nothing and nothing failed on the way', () => {
  expect(opened.errors).toEqual([]);
});
