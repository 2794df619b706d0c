/** The policy in force, and what another one would change. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { http } from './http';
import type { Label } from '@/i18n';
import type { Counts, Page } from './pending';

export interface Policy {
  id: string;
  version: string;
  hash: string;
  label: Label;
  modules: {
    id: string;
    label: Label;
    weight: number;
    dimensions: { id: string; label: Label; weight: number; indicators: (string | { id: string; label?: Label })[] }[];
  }[];
  bands: { band: string; edge: number }[];
  parameters: { id: string; label: Label; unit?: string | null; value?: number | null }[];
}

export interface Indicator {
  id: string;
  label: Label;
  dimension: string;
  sentence?: Label;
  formula?: string;
  unit?: string | null;
  anchors?: Record<string, number | null> | null;
  curve: { value: number; severity: number }[];
  distribution: { value: number; count: number }[];
  distribution_state?: string;
  weight: number;
  applies?: string | null;
  reference?: { title: string; href?: string | null; proposal?: boolean }[];
  proposal?: boolean;
  history?: unknown[];
}

export interface Change {
  kind: 'weight' | 'anchor' | 'parameter' | 'edge';
  id: string;
  key?: string;
  value: number;
}

export interface Trial {
  seconds: number;
  before: Counts;
  after: Counts;
  enter: number;
  leave: number;
  by_area: { area_code: string; before: number; after: number; enter: number; leave: number }[];
  households?: { household_id: string; from: string; to: string }[];
}

export interface Version {
  version: string;
  hash: string;
  state?: string | null;
  is_active?: boolean;
  stored_at?: string | null;
  stored_by?: string | null;
  note?: string | null;
  /** Single numbers that differ from the version it was made from. */
  changes?: unknown;
}

export interface Activation {
  number: number;
  hash: string;
  from?: string | null;
  note?: string | null;
  state: string;
  proposed_by: string;
  proposed_at: string;
  decided_by?: string | null;
  decided_at?: string | null;
  rescored?: number | null;
  impacted?: number | null;
}

export interface LogEntry {
  version: string;
  changes?: unknown;
  base?: string | null;
  activation: Activation;
}

export function usePolicy() {
  return useQuery({
    queryKey: ['policy'],
    queryFn: () => http.get<Policy>('/policy'),
    staleTime: 300_000,
    retry: false,
  });
}

export function useIndicator(id: string | undefined) {
  return useQuery({
    queryKey: ['policy', 'indicator', id],
    queryFn: () => http.get<Indicator>(`/policy/indicators/${id}`),
    enabled: Boolean(id),
    placeholderData: keepPreviousData,
    refetchInterval: (query) =>
      query.state.data?.distribution_state === 'reading' ? 1500 : false,
    staleTime: 300_000,
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
