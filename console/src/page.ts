import type { FunctionComponent } from 'react';

/** What a `*.page.tsx` file exports as `page`. The file alone makes the page: router and navigation find it. */
export interface Page {
  readonly path: string;
  readonly title: string;
  readonly icon: FunctionComponent<{ size?: number | string; stroke?: number | string }>;
  /** Place in the navigation, ascending over all sections. */
  readonly order: number;
  /** Heading in the navigation. */
  readonly section: string;
  /** Pressed after `g`: goes to the page. */
  readonly shortcut?: string;
  readonly component: FunctionComponent;
}
