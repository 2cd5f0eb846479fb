import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { NotFound } from './elements/not-found.tsx';
import { PageError } from './elements/page-error.tsx';
import { PAGES } from './pages.ts';
import { Frame } from './shell/frame.tsx';

const rootRoute = createRootRoute({ component: Frame, notFoundComponent: NotFound });

const routes = PAGES.map((page) =>
  createRoute({
    getParentRoute: () => rootRoute,
    path: page.path,
    component: page.component,
    errorComponent: PageError,
  }),
);

/** Search parameters stay plain text: the address is readable and can be written by hand. */
export const router = createRouter({
  routeTree: rootRoute.addChildren(routes),
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const text = new URLSearchParams(
      Object.entries(search).flatMap(([key, value]) =>
        value === undefined || value === null || value === '' ? [] : [[key, String(value)]],
      ),
    ).toString();
    return text === '' ? '' : `?${text}`;
  },
});
