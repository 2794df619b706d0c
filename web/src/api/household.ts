/** One household: why, since when, what would help. */
import { keepPreviousData, queryOptions, useQuery, useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { useTranslation } from '@/i18n/useTranslation';
import type { Moment } from '@/moment';
import type { Taken } from './client';
import { http } from './http';
import * as ask from './questions';
import type {
  Explanation,
  Form,
  HouseholdHistory,
  LastFact,
  Member,
  Page,
  Score,
  Scored,
  Slider,
  TimelineItem,
  Tried,
} from './types';

const path = (id: string) => `/households/${encodeURIComponent(id)}`;

export function householdOf(id: string) {
  return queryOptions({
    queryKey: ['household', id, 'scores'],
    queryFn: () => http.get<Scored>(...ask.household(id)),
  });
}

export function useHousehold(id: string) {
  return useQuery(householdOf(id));
}

/** The score of a period as a list said it that was seen before; nothing where no list had it. */
export function useListed(id: string, period?: string): Score | undefined {
  const lists = useQueryClient().getQueriesData<InfiniteData<Page<Score>>>({ queryKey: ['situation', 'households'] });
  const same = lists.filter(([key]) => key[3] === period).flatMap(([, it]) => it?.pages ?? []);
  return same.flatMap((it) => it.items).find((it) => it.household_id === id);
}

/** The score of a period; the last one where none is asked for. */
export function scoreAt(scores: Score[] | undefined, period?: string): Score | undefined {
  return period ? scores?.find((it) => it.period === period) : scores?.at(-1);
}

/** Why, at a moment, in a language. */
export function explanationOf(id: string, { period, as_of }: Moment, language: string) {
  return {
    queryKey: ['household', id, 'explanation', { period, as_of }, language],
    queryFn: () => http.get<Explanation>(...ask.explanation(id, { period, as_of }, language)),
  };
}

export function useExplanation(id: string | undefined, moment: Moment = {}) {
  const language = useTranslation().i18n.language;
  return useQuery({
    ...explanationOf(id ?? '', moment, language),
    enabled: Boolean(id),
    placeholderData: (before, query) => (query?.queryKey[1] === id ? before : undefined),
  });
}

export function useHouseholdHistory(id: string, moment: Moment = {}) {
  return useQuery({
    queryKey: ['household', id, 'history', moment],
    queryFn: () => http.get<HouseholdHistory>(...ask.householdHistory(id, moment)),
    placeholderData: (before, query) => (query?.queryKey[1] === id ? before : undefined),
  });
}

export function membersOf(id: string) {
  return queryOptions({
    queryKey: ['household', id, 'members'],
    queryFn: () => http.get<Page<Member>>(...ask.members(id)),
    retry: false,
  });
}

export function useMembers(id: string) {
  return useQuery(membersOf(id));
}

export function useLastFacts(id: string | undefined) {
  return useQuery({
    queryKey: ['household', id, 'facts'],
    queryFn: () => http.get<Page<LastFact>>(`${path(id ?? '')}/facts`),
    enabled: Boolean(id),
    retry: false,
  });
}

export function useSliders(id: string) {
  return useQuery({
    queryKey: ['household', id, 'sliders'],
    queryFn: () => http.get<Page<Slider>>(...ask.sliders(id)),
    retry: false,
  });
}

export function useTrial(id: string, set: Record<string, number | null>) {
  return useQuery({
    queryKey: ['household', id, 'trial', set],
    queryFn: () =>
      http.post<Tried>(`${path(id)}/trial`, { set }),
    enabled: Object.keys(set).length > 0,
    placeholderData: keepPreviousData,
  });
}

export function timeline(id: string, cursor?: string) {
  return http.get<Page<TimelineItem>>(`${path(id)}/timeline`, { cursor });
}

export function useForms() {
  return useQuery({
    queryKey: ['forms'],
    queryFn: () => http.get<Page<Form>>(...ask.FORMS),
    staleTime: 600_000,
    retry: false,
  });
}

export interface NewFact {
  fact_id: string;
  fact: string;
  value: string;
  valid_from: string;
  household_id?: string;
  member_id?: string;
  source?: string;
  supersedes?: string;
  /** Why the one before was wrong. */
  reason?: string;
}

export const addFacts = (facts: NewFact[]) => http.post<Taken>('/facts', { facts });
