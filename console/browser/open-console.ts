import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { type RunningPlumbline, startPlumbline } from '../../test/start-plumbline.ts';
import {
  axeFaults,
  launchChromium,
  settled,
  sidewaysScroll_px,
  signedInContext,
  watchErrors,
} from './chromium.ts';

export interface OpenConsole {
  readonly program: RunningPlumbline;
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the browser refused on `page`, and what failed there. */
  readonly errors: readonly string[];
  close(): Promise<void>;
}

/** A program of its own with an empty folder, and a browser that is signed in to it. */
export async function openConsole(): Promise<OpenConsole> {
  const program = await startPlumbline();
  const browser = await launchChromium().catch(async (error: unknown) => {
    await program.stop();
    throw error;
  });
  const close = async () => {
    await browser.close();
    await program.stop();
  };
  try {
    const context = await signedInContext(browser, program.signInUrl);
    const page = await context.newPage();
    return { program, context, page, errors: watchErrors(page), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** No skeleton stands for something any more. */
export async function loaded(page: Page): Promise<void> {
  await page.locator('[aria-busy=true], .mantine-Skeleton-root').first().waitFor({ state: 'detached' });
}

interface Fit {
  readonly path: string;
  readonly heading: string;
  readonly width: number;
  readonly schemes: readonly ('light' | 'dark')[];
}

/** The page at `path` is accessible in these schemes, fails nowhere and does not scroll sideways. */
export async function expectFit({ program, context }: OpenConsole, fit: Fit): Promise<void> {
  const page = await context.newPage();
  const errors = watchErrors(page);
  await page.setViewportSize({ width: fit.width, height: 900 });
  await page.goto(`${program.url}${fit.path}`);
  await page.getByRole('heading', { name: fit.heading, level: 1 }).waitFor();
  await loaded(page);
  for (const scheme of fit.schemes) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.locator(`html[data-mantine-color-scheme=${scheme}]`).waitFor();
    await settled(page);
    expect(await axeFaults(page)).toEqual([]);
  }
  expect(await sidewaysScroll_px(page)).toBe(0);
  expect(errors).toEqual([]);
  await page.close();
}

/** Wide in the light scheme, narrow in the dark one: their colours are the same at both. */
export const oneScheme = (width: number) => [width > 1_000 ? ('light' as const) : ('dark' as const)];
