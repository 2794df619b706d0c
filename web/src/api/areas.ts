/** Areas: names, what lies in them, boundaries where an office imported them. */
import { useQuery } from '@tanstack/react-query';
import { learnNames } from './areaNames';
import { http } from './http';
import type { Area, Boundaries, Page, Placed } from './types';

const LONG = 600_000;

export function useArea(code: string | undefined) {
  return useQuery({
    queryKey: ['area', code],
    queryFn: async () => {
      const it = await http.get<Placed>(`/areas/${code}`);
      learnNames([it, ...it.path]);
      return it;
    },
    enabled: Boolean(code),
    staleTime: LONG,
    retry: false,
  });
}

async function areasIn(parent: string | undefined) {
  const page = await http.get<Page<Area>>('/areas', { parent });
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

export function useBoundaries(parent: string | undefined) {
  return useQuery({
    queryKey: ['boundaries', parent],
    queryFn: () => http.get<Boundaries>('/boundaries', { parent }),
    staleTime: LONG,
    retry: false,
  });
}

/**
 * The area that the map looks into: the one asked for, else the outermost one that divides. Where
 * somebody sees one province with one city in it, nobody wants a map of one tile.
 */
export function useOutermost(area: string | undefined): string | undefined {
  const isOpen = area === undefined;
  const first = useAreas(undefined).data?.items;
  const root = isOpen && first?.length === 1 ? first[0]?.code : undefined;
  const second = useQuery({
    queryKey: ['areas', root],
    queryFn: () => areasIn(root),
    enabled: root !== undefined,
    staleTime: LONG,
    retry: false,
  }).data?.items;
  if (!isOpen) return area;
  const only = root !== undefined && second?.length === 1 ? second[0] : undefined;
  return only?.has_children ? only.code : root;
}
