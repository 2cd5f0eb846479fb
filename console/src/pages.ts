import type { Page } from './page.ts';

const modules = import.meta.glob<{ readonly page: Page }>('./**/*.page.tsx', { eager: true });

/** Every page of the console, in navigation order. */
export const PAGES: readonly Page[] = Object.values(modules)
  .map((module) => module.page)
  .sort((a, b) => a.order - b.order);

/** Section headings with their pages, in order. */
export const SECTIONS: readonly { readonly title: string; readonly pages: readonly Page[] }[] = [
  ...new Set(PAGES.map((page) => page.section)),
].map((title) => ({ title, pages: PAGES.filter((page) => page.section === title) }));
