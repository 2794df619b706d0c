/** Every page and its address; each is loaded when it is first asked for. */
import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  retainSearchParams,
} from '@tanstack/react-router';
import { Shell } from './layout/Shell';
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

function page<Path extends string>(path: Path, load: () => Promise<{ default: React.ComponentType }>) {
  return createRoute({
    getParentRoute: () => root,
    path,
    component: lazyRouteComponent(load),
  });
}

const tree = root.addChildren([
  page('/', () => import('./pages/situation/Situation')),
  page('/warnings', () => import('./pages/warnings/Warnings')),
  page('/households/$id', () => import('./pages/panel/Household')),
  page('/households/$id/card', () => import('./pages/panel/Card')),
  page('/panel', () => import('./pages/panel/Panel')),
  page('/panel/visit-list', () => import('./pages/panel/visits/VisitList')),
  page('/people/$id', () => import('./pages/panel/Person')),
  page('/duplicates', () => import('./pages/panel/Duplicates')),
  page('/scores', () => import('./pages/scores/Scores')),
  page('/facts', () => import('./pages/facts/Facts')),
  page('/facts/visit', () => import('./pages/facts/Visit')),
  page('/facts/imports', () => import('./pages/facts/imports/Imports')),
  page('/indicators', () => import('./pages/indicators/Policy')),
  page('/mine', () => import('./pages/warnings/Mine')),
  page('/search', () => import('./pages/panel/Search')),
  page('/admin', () => import('./pages/admin/Admin')),
]);

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
