/** Households in the order of their scores. */
import { infiniteQueryOptions } from '@tanstack/react-query';
import type { Address } from '@/address';
import { http } from './http';
import { scores } from './questions';
import type { Page, Score } from './types';

/** The list that an address asks for, fifty at a time, the worst first. */
export function scoresOf(address: Address) {
  const { area, period, band } = address;
  return infiniteQueryOptions({
    queryKey: ['situation', 'households', area, period, band],
    queryFn: ({ pageParam }) => http.get<Page<Score>>(...scores(address, pageParam)),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
  });
}
