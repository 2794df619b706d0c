/** How things stand: per area, over time, in one sentence. */
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { afterPaint } from '@/painted';
import { learnNames } from './areaNames';
import { api } from './client';
import { http } from './http';
import * as ask from './questions';
import type { Children, Page, Past, Rule, Summary } from './types';

export function usePeriod() {
  return useQuery({
    queryKey: ['period'],
    queryFn: async () => (await api.GET('/api/v1/period')).data,
    retry: false,
  });
}

/** All periods under watch, oldest first. */
export function usePeriods() {
  return useQuery({
    queryKey: ['periods'],
    queryFn: async () => {
      const past = await http.get<Page<Past>>('/situation/history', { periods: 240 });
      return past.items.map((it) => it.period);
    },
    staleTime: 600_000,
    retry: false,
  });
}

/** The areas in an area with their figures; `level` asks for those of a depth in the tree. */
export function useChildren(area: string | null | undefined, period?: string, level?: number, enabled = true) {
  return useQuery({
    ...childrenOf(area, period, level),
    // Which area is not known yet.
    enabled: enabled && area !== undefined,
    // Counties say nothing of townships.
    placeholderData: (before, query) => (query?.queryKey[4] === level ? before : undefined),
  });
}

export function childrenOf(area: string | null | undefined, period?: string, level?: number) {
  return queryOptions({
    queryKey: ['situation', 'children', area, period, level],
    queryFn: async () => {
      const page = await http.get<Children>(...ask.children(area, period, level));
      learnNames(page.items.map((it) => ({ code: it.area_code, name: it.name })));
      return page;
    },
  });
}

export function historyOf(area?: string, period?: string) {
  return queryOptions({
    queryKey: ['situation', 'history', area, period],
    queryFn: () => http.get<Page<Past>>(...ask.history(area, period)),
  });
}

export function useHistory(area: string | undefined, period?: string) {
  return useQuery({ ...historyOf(area, period), placeholderData: keepPreviousData });
}

/**
 * The last year of one area, for a small line in a list. It moves once a period: live events need
 * not make every line be asked for again.
 */
export function useRecent(area: string, period?: string) {
  return useQuery({
    queryKey: ['recent', area, period],
    queryFn: async () => {
      // A table has ten of them, and its words come first.
      await new Promise<void>((painted) => afterPaint(painted));
      return http.get<Page<Past>>('/situation/history', { area, period, periods: 13 });
    },
    staleTime: 300_000,
    retry: false,
  });
}

/** Figures with the area that they are of: old ones stay while others are asked for. */
export type AreaSummary = Summary & { area?: string };

export function summaryOf(area?: string, period?: string) {
  return queryOptions({
    queryKey: ['situation', 'summary', area, period],
    queryFn: async (): Promise<AreaSummary> => ({ ...(await http.get<Summary>(...ask.summary(area, period))), area }),
  });
}

export function useSummary(area: string | undefined, period?: string, enabled = true) {
  return useQuery({ ...summaryOf(area, period), enabled, placeholderData: keepPreviousData });
}

export function useRules() {
  return useQuery({ queryKey: ['situation', 'rules'], queryFn: () => http.get<Page<Rule>>(...ask.RULES) });
}
