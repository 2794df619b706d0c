/** Files in: columns, dry run, jobs. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { http } from './http';
import { KINDS, type Kind } from './kinds';
import type { ImportColumns, ImportRows, Job, Mapping, Page } from './types';

export { KINDS, type Kind };

/** The beginning of a file is enough to see its columns, where it is lines of text. */
export const columnsOf = (file: File, kind: Kind) =>
  http.post<ImportColumns>('/imports/columns', file, { kind, filename: file.name });

export interface Wanted {
  kind: Kind;
  file: File;
  columns: Record<string, string>;
  /** The day of everything whose row says none. */
  date?: string;
  /** Who told everything whose row does not say. */
  source?: string;
  isDry: boolean;
}

export function start({ kind, file, columns, date, source, isDry }: Wanted) {
  return http.post<Job>('/imports', file, {
    kind,
    date,
    source,
    dry_run: isDry,
    filename: file.name,
    columns: JSON.stringify(columns),
  });
}

/** Takes back what a job recorded; gives the job that does it. */
export const undo = (id: string) => http.post<Job>(`/imports/${encodeURIComponent(id)}/undo`);

export const mappings = () => http.get<Page<Mapping>>('/mappings');
export const keepMapping = (name: string, kind: Kind, columns: Record<string, string>) =>
  http.put(`/mappings/${encodeURIComponent(name)}`, { kind, columns });

const isOver = (it: Job | undefined) => it !== undefined && !/waiting|running/.test(it.state);

/** A job, asked for again until it is over; what it changed is then asked for again too. */
export function useJob(id: string | undefined) {
  const queries = useQueryClient();
  const job = useQuery({
    queryKey: ['job', id],
    queryFn: () => http.get<Job>(`/jobs/${id}`),
    enabled: Boolean(id),
    refetchInterval: (query) => (isOver(query.state.data) ? false : 700),
  });
  const done = isOver(job.data) && job.data?.dry_run === false;
  useEffect(() => {
    if (done) void queries.invalidateQueries({ predicate: (it) => it.queryKey[0] !== 'job' });
  }, [done, queries]);
  return job;
}

export function useJobs() {
  return useQuery({
    queryKey: ['jobs'],
    queryFn: () => http.get<Page<Job>>('/jobs', { limit: 30 }),
    refetchInterval: 5000,
  });
}

/** Why a job did nothing. */
export function faults(job: Job | undefined): { detail?: string; hint?: string }[] {
  const error: unknown = job?.error;
  return Array.isArray(error) ? error : error ? [error] : [];
}

const ROWS = 50;

/** The bad rows, wherever in the file they stand, and then the first of all. */
async function rowsOf(job: string, onlyErrors: boolean): Promise<ImportRows> {
  const path = `/imports/${job}/rows`;
  const bad = await http.get<ImportRows>(path, { limit: ROWS, only_errors: true });
  if (onlyErrors) return bad;
  const first = await http.get<ImportRows>(path, { limit: ROWS });
  const good = first.items.filter((it) => it.errors.length === 0);
  return { ...first, items: [...bad.items, ...good].slice(0, ROWS) };
}

export function useRows(job: string | undefined, onlyErrors: boolean) {
  return useQuery({
    queryKey: ['job', job, 'rows', onlyErrors],
    queryFn: () => rowsOf(job ?? '', onlyErrors),
    enabled: Boolean(job),
    retry: false,
  });
}
