/** Areas: names, what lies in them, boundaries where an office imported them. */
import { useQuery } from '@tanstack/react-query';
import { http } from './http';
import type { Area, Boundaries, Page } from './pending';

const LONG = 600_000;

export function useArea(code: string | undefined) {
  return useQuery({
    queryKey: ['area', code],
    queryFn: () => http.get<Area>(`/areas/${code}`),
    enabled: Boolean(code),
    staleTime: LONG,
    retry: false,
  });
}

export function useAreas(parent: string | undefined) {
  return useQuery({
    queryKey: ['areas', parent],
    queryFn: () => http.get<Page<Area>>('/areas', { parent }),
    staleTime: LONG,
    retry: false,
  });
}

export function useBoundaries(parent: string | undefined) {
  return useQuery({
    queryKey: ['boundaries', parent],
    queryFn: () => http.get<Boundaries>('/boundaries', { parent }),
    staleTime: LONG,
    retry: false,
  });
}
