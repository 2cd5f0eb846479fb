/** Debian's Chromium, driven by playwright-core, signed in to a running Plumbline. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: FLAGS });
}

/** Scripts refused by the policy, uncaught errors and failed loads of the page, as they happen. */
export function watchErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error')
      errors.push(`console: ${message.text()} (${pathOf(message.location().url)})`);
  });
  return errors;
}

/** Without the query, which may carry a token. */
const pathOf = (url: string): string => (URL.canParse(url) ? new URL(url).pathname : url);

/** A page wide as given, with the one-time link used up; further pages of the context are signed in too. */
export async function signedInContext(
  browser: Browser,
  sign_in_url: string,
  options: { readonly width?: number; readonly scheme?: 'light' | 'dark' } = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1440, height: 900 },
    colorScheme: options.scheme ?? 'light',
  });
  const page = await context.newPage();
  await page.goto(sign_in_url);
  await page.getByRole('heading', { name: 'Live events' }).waitFor();
  await page.close();
  return context;
}

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

/** Accessibility faults of the page as it stands: `rule: html`, empty when clean. */
export async function axeFaults(page: Page): Promise<string[]> {
  await page.evaluate(`${AXE}\n;0`);
  const result = await page.evaluate<AxeResult>(
    `window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] })`,
  );
  return result.violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.html.slice(0, 160)}`),
  );
}

/** How far the page can be scrolled sideways, in pixels; 0 is right. */
export function sidewaysScroll_px(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** Waits until nothing fades any more, so that colours are judged as they stay. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(
    `Promise.all(document.getAnimations().filter((each) => each.effect?.getTiming().iterations !== Infinity).map((each) => each.finished.catch(() => undefined)))`,
  );
}
