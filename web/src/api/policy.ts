/** The policy in force, and what another one would change. */
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { http } from './http';
import { indicator, POLICY } from './questions';
import type { Page, Schemas } from './types';

export type Policy = Schemas['Policy'];
export type Indicator = Schemas['Indicator'];
export type Version = Schemas['Version'];
export type Activation = Schemas['Activation'];
export type LogEntry = Schemas['VersionEntry'];
export type Trial = Schemas['PolicyTried'];

export interface Change extends Omit<Schemas['ToChange'], 'kind' | 'key'> {
  kind: 'weight' | 'anchor' | 'parameter' | 'edge';
  key?: string;
}

export function usePolicy() {
  return useQuery({
    queryKey: ['policy'],
    queryFn: () => http.get<Policy>(...POLICY),
    staleTime: 300_000,
    retry: false,
  });
}

export function indicatorOf(id: string) {
  return queryOptions({
    queryKey: ['policy', 'indicator', id],
    queryFn: () => http.get<Indicator>(...indicator(id)),
    staleTime: 300_000,
  });
}

export function useIndicator(id: string) {
  return useQuery({
    ...indicatorOf(id),
    placeholderData: keepPreviousData,
    refetchInterval: (query) =>
      query.state.data?.distribution_state === 'reading' ? 1500 : false,
  });
}

export const versions = () => http.get<Page<Version>>('/policy/versions');
export const changes = () => http.get<Page<LogEntry>>('/policy/changes');
export const trial = (it: Change[], area?: string) =>
  http.post<Trial>('/policy/trials', { changes: it, area });

/** A draft: what is in force, with the changes. */
export const draft = (it: { base: string; changes: Change[]; version: string; note?: string }) =>
  http.post<Version>('/policy/versions', it);
export const activations = () => http.get<Page<Activation>>('/policy/activations');
export const propose = (hash: string, from: string, note?: string) =>
  http.post<Activation>('/policy/activations', { hash, from, ...(note ? { note } : {}) });
export const approve = (n: number) => http.post(`/policy/activations/${n}/approval`);
export const refuse = (n: number) => http.post(`/policy/activations/${n}/refusal`);
