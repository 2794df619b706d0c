/** What stands in an address, and which page that is. */
import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  retainSearchParams,
} from '@tanstack/react-router';
import { Shell } from './layout/Shell';
import { PAGES } from './pages';
import { NotFound } from './pages/NotFound';
import { text, type Address } from './address';

const root = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: Shell,
  notFoundComponent: NotFound,
  validateSearch: (search: Record<string, unknown>): Address => {
    const kept: Address = {};
    for (const [key, value] of Object.entries(search)) {
      const written = text(value);
      if (written !== undefined) kept[key as keyof Address] = written;
    }
    return kept;
  },
  search: { middlewares: [retainSearchParams(['area', 'period', 'as_of'])] },
});

const tree = root.addChildren(
  PAGES.map(([path, load]) =>
    createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load) }),
  ),
);

export const router = createRouter({
  routeTree: tree,
  context: undefined as unknown as { queries: QueryClient },
  defaultPreload: 'intent',
  scrollRestoration: true,
  // Plain texts in the address, so that people can read and write it: ?area=610203, not quoted.
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => {
    const query = new URLSearchParams();
    for (const [key, value] of Object.entries(search)) {
      if (value !== undefined && value !== '') query.set(key, String(value));
    }
    const written = query.toString();
    return written ? `?${written}` : '';
  },
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
