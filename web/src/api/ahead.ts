/** What the situation of an area shows, asked for while somebody is about to look into it. */
import type { QueryClient } from '@tanstack/react-query';
import type { Address } from '@/address';
import { areaOf, boundariesOf } from './areas';
import { deeperLevel } from './outermost';
import { childrenOf, historyOf, summaryOf } from './situation';
import { newestOf } from './warnings';

export function askSituation(queries: QueryClient, { area, period }: Address) {
  void queries.prefetchQuery(summaryOf(area, period));
  if (area) {
    void queries.prefetchQuery(areaOf(area));
    void queries.prefetchQuery(boundariesOf(area));
    void askParts(queries, area, period).catch(() => undefined);
  }
  void queries.prefetchQuery(historyOf(area, period));
  void queries.prefetchQuery(newestOf(area));
}

/** The areas below, and those below them where the table of the worst goes deeper. */
async function askParts(queries: QueryClient, area: string, period?: string) {
  const level = deeperLevel(await queries.ensureQueryData(childrenOf(area, period)));
  if (level) await queries.prefetchQuery(childrenOf(area, period, level));
}
