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
import { askSituation } from './api/ahead';
import { explanationOf, householdOf, membersOf } from './api/household';
import { indicatorOf } from './api/policy';
import { scoresOf } from './api/scores';
import { filterOf, warningCountsOf, warningsOf } from './api/warnings';
import { beginQuiet } from './components/useQuiet';
import { i18next } from './i18n';
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

type Ask = (queries: QueryClient, address: Address, id: string) => void;

/** What is asked for while the pointer is still on its way to the link of a page. */
const ASK: Record<string, Ask> = {
  '/': askSituation,
  '/warnings': (queries, address) => {
    void queries.prefetchInfiniteQuery(warningsOf(filterOf(address)));
    void queries.prefetchQuery(warningCountsOf(filterOf(address)));
  },
  '/scores': (queries, address) => void queries.prefetchInfiniteQuery(scoresOf(address)),
  '/households/$id': (queries, { period, as_of }, id) => {
    void queries.prefetchQuery(explanationOf(id, { period, as_of }, i18next.language));
    void queries.prefetchQuery(householdOf(id));
    void queries.prefetchQuery(membersOf(id));
  },
  '/indicators': (queries, { indicator }) => {
    if (indicator) void queries.prefetchQuery(indicatorOf(indicator));
  },
};

const tree = root.addChildren(
  PAGES.map(([path, load]) =>
    createRoute({
      getParentRoute: () => root,
      path,
      component: lazyRouteComponent(load),
      loader: ({ context, params, location }) => {
        ASK[path]?.(context.queries, location.search as Address, (params as { id?: string }).id ?? '');
      },
    }),
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

// What is heavy and not seen at first may come now.
router.subscribe('onRendered', beginQuiet);

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
