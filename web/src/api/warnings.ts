/** Warnings: lists, counts per filter, and what is done with them. */
import { infiniteQueryOptions, keepPreviousData, queryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { http } from './http';
import { filterOf, newest, warningCounts, warnings, type WarningFilter } from './questions';
import type { Page, Warning, WarningCounts } from './types';

export type Warned = Warning;

export { filterOf, type WarningFilter };

export function warningsOf(filter: WarningFilter, limit = 50) {
  return infiniteQueryOptions({
    queryKey: ['warnings', 'list', filter, limit],
    queryFn: ({ pageParam }) => http.get<Page<Warned>>(...warnings(filter, limit, pageParam)),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
  });
}

export function useWarnings(filter: WarningFilter, limit?: number) {
  return useInfiniteQuery({ ...warningsOf(filter, limit), placeholderData: keepPreviousData });
}

/** Lines of a printed list; more belong on lists of smaller areas. */
export const MOST_VISITS = 200;

/** Whom to visit: households whose warnings stand and are not held back, the most urgent first. */
export function useVisits(area?: string) {
  return useQuery({
    queryKey: ['warnings', 'visits', area],
    queryFn: () => http.get<Page<Warned>>('/warnings', { area, limit: MOST_VISITS }),
    placeholderData: keepPreviousData,
  });
}

export function newestOf(area?: string) {
  return queryOptions({
    queryKey: ['warnings', 'newest', area],
    queryFn: () => http.get<Page<Warned>>(...newest(area)),
  });
}

export function useNewest(area?: string) {
  return useQuery({ ...newestOf(area), placeholderData: keepPreviousData });
}

export function warningCountsOf(filter: WarningFilter) {
  return queryOptions({
    queryKey: ['counts', filter],
    queryFn: () => http.get<WarningCounts>(...warningCounts(filter)),
    retry: false,
  });
}

export function useWarningCounts(filter: WarningFilter) {
  return useQuery({ ...warningCountsOf(filter), placeholderData: keepPreviousData });
}

export type Action = 'acknowledge' | 'reopen' | 'assign' | 'suppress';

export interface Deed {
  ids: string[];
  action: Action;
  assignee?: string | null;
  until?: string | null;
  reason?: string | null;
}

export const act = (it: Deed) => http.post<{ items?: unknown[] }>('/warnings/actions', it);
