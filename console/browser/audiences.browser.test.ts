import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningPlumbline } from '../../test/start-plumbline.ts';
import { axeFaults } from './chromium.ts';
import { expectFit, loaded, type OpenConsole, openConsole } from './open-console.ts';
import { sendEvents } from './send-event.ts';

/** Segments found in what people did, held against a list, and put into a set: each test goes on from the one before. */
let opened: OpenConsole;
let program: RunningPlumbline;
let page: Page;

const PEOPLE = 210;
const DAY_MS = 86_400_000;
const START_MS = Date.now();

/** A third buys often and lately, a third bought once long ago, a third only looks. */
function historyOf(i: number): object[] {
  const kind = i % 3;
  const orders = kind === 0 ? 4 + (i % 4) : kind === 1 ? 1 : 0;
  const looks = kind === 2 ? 5 + (i % 5) : 1;
  const days_ago = kind === 1 ? 120 + (i % 60) : 1 + (i % 6);
  const event = (name: string, n: number, properties: object) => ({
    type: 'track',
    event: name,
    userId: `u${i}`,
    messageId: `${name} ${i} ${n}`,
    timestamp: new Date(START_MS - (days_ago + n) * DAY_MS).toISOString(),
    properties,
  });
  return [
    ...Array.from({ length: orders }, (_, n) =>
      event('Order Completed', n, {
        order_id: `${i}-${n}`,
        revenue: 20 + ((i * 7 + n) % 60),
        currency: 'EUR',
      }),
    ),
    ...Array.from({ length: looks }, (_, n) => event('Product Viewed', n, { product_id: 'p1' })),
  ];
}

const segment = (label: string, at_least: number) => ({
  label,
  owner: 'ada',
  purpose: 'test',
  refresh: { every: 'stream' },
  rule: { all: [{ predicate: 'count', event: 'Order Completed', at_least }] },
});

beforeAll(async () => {
  opened = await openConsole();
  ({ program, page } = opened);
  const write_key = await program.writeKey('Shop');
  const events = Array.from({ length: PEOPLE }, (_, i) => historyOf(i)).flat();
  for (let from = 0; from < events.length; from += 300)
    await sendEvents(program.url, write_key, events.slice(from, from + 300));
  await program.api('POST', '/api/apply', {
    message: 'Two segments',
    definitions: [
      { kind: 'segment', name: 'bought', body: segment('Bought', 1) },
      { kind: 'segment', name: 'regulars', body: segment('Regulars', 4) },
    ],
  });
  await worked(
    async () => (await size('regulars')) === PEOPLE / 3 && (await size('bought')) === (PEOPLE * 2) / 3,
  );
});

afterAll(() => opened?.close());

async function worked(ready: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 160; attempt++) {
    if (await ready()) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error('the segments were not worked out in time');
}

async function size(name: string): Promise<number | null> {
  return (await program.api<{ people: number | null }>('GET', `/api/segments/${name}`)).people;
}

test('a segmentation is made in the form and finds the three kinds of people', async () => {
  await page.goto(`${program.url}/discovered-segments`);
  await page.getByText('No segmentation yet').waitFor();
  await page.getByRole('button', { name: 'New segmentation' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('habits');
  await page.getByRole('button', { name: 'Check and compare' }).click();
  await page.getByText('habits will be created').waitFor();
  expect(await axeFaults(page)).toEqual([]);
  await page.getByLabel('What changes, in a sentence').fill('Find habits');
  await page.getByRole('button', { name: 'Release', exact: true }).click();
  await page.getByRole('button', { name: 'Find segments', exact: true }).click();
  await page.getByRole('img', { name: /people as dots/ }).waitFor({ timeout: 60_000 });
  await page.getByText('very stable').first().waitFor();
});

test('a segment is renamed, and the name stays when segments are found anew', async () => {
  await page
    .getByRole('button', { name: /^Rename / })
    .first()
    .click();
  await page.getByLabel('Name of the segment').fill('My favourites');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: 'My favourites' }).waitFor();
  await page.getByRole('button', { name: 'Find segments anew' }).click();
  await page.getByText('the same people as in the run before').first().waitFor({ timeout: 60_000 });
  await page.getByRole('heading', { name: 'My favourites' }).waitFor();
});

test('what was tried, drift and history can be looked at', async () => {
  await page.getByRole('tab', { name: 'What was tried' }).click();
  await page.getByRole('row', { name: /k = 3.*Chosen/ }).waitFor();
  await page.getByRole('tab', { name: 'Drift' }).click();
  await page.getByRole('button', { name: 'Measure now' }).click();
  await page.getByText(/of the people would be in another segment now/).waitFor({ timeout: 30_000 });
  await page.getByRole('tab', { name: 'History' }).click();
  await page.getByRole('row', { name: /go on from the run before/ }).waitFor();
});

test('a found segment has a page like any other, with what stands out in place of a rule', async () => {
  await page.getByRole('tab', { name: 'Segments', exact: true }).click();
  await page.getByRole('link', { name: 'Open My favourites' }).click();
  await page.getByRole('heading', { name: 'My favourites', level: 1 }).waitFor();
  await page.getByRole('heading', { name: 'What stands out' }).waitFor();
  await page.getByText('70', { exact: true }).first().waitFor();
  await page.getByText(/^33[.\d]* ?% of 210 in the last run$/).waitFor();
  expect(await page.getByRole('button', { name: 'Edit' }).count()).toBe(0);
  await page.getByRole('tab', { name: 'In and out' }).click();
  await page.getByText('worked out for the first time').first().waitFor();
  await page.getByRole('tab', { name: 'Overlap' }).click();
  await page.getByRole('row', { name: /^Bought 140/ }).waitFor();
  await page.getByRole('tab', { name: 'Checks' }).click();
  await page.getByRole('tab', { name: 'Against others' }).click();
  await page.getByText('members less others').waitFor();
  expect(await axeFaults(page)).toEqual([]);
});

test('its people can be exported, and the page of one of them names it', async () => {
  await page.getByRole('tab', { name: 'People' }).click();
  await page.getByText('50 shown').waitFor();
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export CSV' }).click();
  expect((await saved).suggestedFilename()).toMatch(/^habits-.*\.csv$/);
  await page.locator('tbody .pl-row-link').first().click();
  await page.getByRole('heading', { name: 'Segments', level: 2 }).waitFor();
  await page.getByRole('link', { name: 'My favourites' }).click();
  await page.getByRole('heading', { name: 'My favourites', level: 1 }).waitFor();
  await page.getByRole('link', { name: 'Open habits' }).click();
  await page.getByRole('heading', { name: 'What sets them apart' }).waitFor();
});

test('the list of segments shows those of rules, those that were found, or both', async () => {
  await page.goto(`${program.url}/segments`);
  const shown = async (kind: string) => {
    await page.getByText(kind, { exact: true }).click();
    const names = await page.locator('tbody .pl-row-link').allTextContents();
    return [names.includes('Bought'), names.includes('My favourites'), names.length];
  };
  await page.getByRole('link', { name: 'My favourites' }).waitFor();
  expect(await shown('Rules')).toEqual([true, false, 2]);
  expect(await shown('Discovered')).toEqual([false, true, 3]);
  expect(await shown('All')).toEqual([true, true, 5]);
});

test('a segment is held against a list, others and time', async () => {
  await page.goto(`${program.url}/segments?open=regulars&tab=checks`);
  await page.getByRole('tab', { name: 'Against a list' }).waitFor();
  await page.getByLabel('People, one a line').fill('user_id:u0\nuser_id:u3\nuser_id:u1\nuser_id:nobody');
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  await page.getByText('2 of 3 (recall)').waitFor();
  await page.getByText('What keeps the missing people out').waitFor();
  for (const tab of [
    'Against others',
    'Week by week',
    'If left out',
    'By a message test',
    'Sensitive fields',
  ]) {
    await page.getByRole('tab', { name: tab }).click();
    await loaded(page);
    expect(await axeFaults(page)).toEqual([]);
  }
  await page.getByRole('tab', { name: 'If left out' }).click();
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await page.getByText('Leaving them out drops value').waitFor();
});

test('a found segment that shares people with a rule is opened by its title', async () => {
  await page.goto(`${program.url}/segments?open=bought&tab=overlap`);
  await page.getByRole('link', { name: 'My favourites' }).click();
  await page.getByRole('heading', { name: 'My favourites', level: 1 }).waitFor();
});

test('a set that was never released is found again as a draft', async () => {
  await page.goto(`${program.url}/segment-sets`);
  await page.getByRole('button', { name: 'New set' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('unfinished');
  await page.getByLabel('What it is for').fill('One parcel each');
  await page.getByRole('combobox', { name: 'Segment 1' }).fill('bought');
  await page.getByRole('combobox', { name: 'Segment 2' }).fill('regulars');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Save draft' }).click();
  await page.getByText('Saved as a draft, version 1').waitFor();
  await page.goto(`${program.url}/segment-sets`);
  await page.getByRole('button', { name: 'unfinished' }).click();
  expect(await page.getByLabel('What it is for').inputValue()).toBe('One parcel each');
});

test('a set decides who of two segments gets a person', async () => {
  await page.goto(`${program.url}/segment-sets`);
  await page.getByText('No set yet').waitFor();
  await page.getByRole('button', { name: 'New set' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('letters');
  await page.getByRole('combobox', { name: 'Segment 1' }).fill('bought');
  await page.getByRole('combobox', { name: 'Segment 2' }).fill('regulars');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Move segment 2 up' }).click();
  await page.getByRole('button', { name: 'Check and compare' }).click();
  await page.getByText('letters will be created').waitFor();
  await page.getByLabel('What changes, in a sentence').fill('One letter each');
  await page.getByRole('button', { name: 'Release', exact: true }).click();
  await page.getByRole('row', { name: /1 Regulars 70 70/ }).waitFor();
  await page.getByRole('row', { name: /2 Bought 140 70 Regulars: 70/ }).waitFor();
  await page.getByRole('tab', { name: 'Test one person' }).click();
  await page.getByRole('textbox', { name: 'Person' }).fill('user_id:u0');
  await page.getByRole('button', { name: 'Decide' }).click();
  await page.getByRole('heading', { name: 'regulars' }).waitFor();
});

test.each([1440, 390])(
  'at %i px everything is accessible in both schemes and nothing scrolls sideways',
  async (width) => {
    for (const [path, heading] of PAGES)
      await expectFit(opened, { path, heading, width, schemes: ['light', 'dark'] });
  },
);

test.each([1440, 390])('at %i px the page of a found segment fits in both schemes', async (width) => {
  const { discovered } = await program.api<{ discovered: { name: string; label: string }[] }>(
    'GET',
    '/api/segments',
  );
  const { name, label } = discovered.find((one) => one.label === 'My favourites') ?? { name: '', label: '' };
  for (const tab of ['overview', 'members', 'changes', 'overlap', 'checks']) {
    const path = `/segments?open=${encodeURIComponent(name)}&tab=${tab}`;
    await expectFit(opened, { path, heading: label, width, schemes: ['light', 'dark'] });
  }
});

test('the browser refused nothing and nothing failed on the way', () => {
  expect(opened.errors).toEqual([]);
});

const PAGES = [
  ['/discovered-segments', 'Discovered segments'],
  ['/discovered-segments?open=habits', 'Discovered segments'],
  ['/segment-sets?open=letters', 'Segment sets'],
  ['/segment-sets?open=letters&view=overlap', 'Segment sets'],
  ['/segment-sets?tab=overlap&compare=bought,regulars', 'Segment sets'],
] as const;
