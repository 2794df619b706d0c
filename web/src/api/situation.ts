/** How things stand: per area, over time, in one sentence. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api } from './client';
import { http } from './http';
import type { Child, Page, Past, Rule, Summary } from './pending';

export function usePeriod() {
  return useQuery({
    queryKey: ['period'],
    queryFn: async () => (await api.GET('/api/v1/period')).data,
    retry: false,
  });
}

export function useChildren(area: string | undefined, period?: string) {
  return useQuery({
    queryKey: ['situation', 'children', area, period],
    queryFn: () => http.get<Page<Child>>('/situation/children', { area, period }),
    placeholderData: keepPreviousData,
  });
}

export function useHistory(area: string | undefined) {
  return useQuery({
    queryKey: ['situation', 'history', area],
    queryFn: () => http.get<Page<Past>>('/situation/history', { area, periods: 24 }),
    placeholderData: keepPreviousData,
  });
}

export function useSummary(area: string | undefined) {
  return useQuery({
    queryKey: ['situation', 'summary', area],
    queryFn: () => http.get<Summary>('/situation/summary', { area }),
    placeholderData: keepPreviousData,
  });
}

export function useRules() {
  return useQuery({ queryKey: ['situation', 'rules'], queryFn: () => http.get<Page<Rule>>('/rules') });
}
