/** Areas: names, what lies in them, boundaries where an office imported them. */
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { learnNames } from './areaNames';
import { http } from './http';
import { outermostOf } from './outermost';
import * as ask from './questions';
import type { Area, Boundaries, Page, Placed } from './types';

const LONG = 600_000;

export function areaOf(code: string | undefined) {
  return queryOptions({
    queryKey: ['area', code],
    queryFn: async () => {
      const it = await http.get<Placed>(...ask.area(code ?? ''));
      learnNames([it, ...it.path]);
      return it;
    },
    staleTime: LONG,
    retry: false,
  });
}

export function useArea(code: string | undefined) {
  return useQuery({ ...areaOf(code), enabled: Boolean(code) });
}

async function areasIn(parent: string | undefined) {
  const page = await http.get<Page<Area>>(...ask.areas(parent));
  learnNames(page.items);
  return page;
}

export function useAreas(parent: string | undefined) {
  return useQuery({
    queryKey: ['areas', parent],
    queryFn: () => areasIn(parent),
    staleTime: LONG,
    retry: false,
  });
}

/** Of the areas in an area; null: of those on top; nothing: it is not known yet which. */
export function useBoundaries(parent: string | null | undefined) {
  return useQuery({ ...boundariesOf(parent), enabled: parent !== undefined });
}

export function boundariesOf(parent: string | null | undefined) {
  return queryOptions({
    queryKey: ['boundaries', parent],
    queryFn: () => http.get<Boundaries>(...ask.boundaries(parent)),
    staleTime: LONG,
    retry: false,
  });
}

/** The area that the map looks into: the one asked for, else the outermost one that divides; null where several lie on top. */
export function useOutermost(area: string | undefined): string | null | undefined {
  const queries = useQueryClient();
  const found = useQuery({
    queryKey: ['areas', 'outermost'],
    queryFn: () =>
      outermostOf((parent) => queries.fetchQuery({ queryKey: ['areas', parent], queryFn: () => areasIn(parent), staleTime: LONG })),
    enabled: area === undefined,
    staleTime: LONG,
    retry: false,
  });
  // Without an answer the map begins on top.
  return area ?? (found.isError ? null : found.data);
}
