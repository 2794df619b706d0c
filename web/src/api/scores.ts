/** Households in the order of their scores. */
import { infiniteQueryOptions } from '@tanstack/react-query';
import type { Address } from '@/address';
import { http } from './http';
import type { Page, Score } from './types';

/** The list that an address asks for, fifty at a time, the worst first. */
export function scoresOf({ area, period, band }: Address) {
  return infiniteQueryOptions({
    queryKey: ['situation', 'households', area, period, band],
    queryFn: ({ pageParam }) =>
      http.get<Page<Score>>('/households', { area, period, band, limit: 50, cursor: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
  });
}
