/** When is looked at: a period, and as it was known when; nothing said means the present. */
import { useMatches } from '@tanstack/react-router';
import { useCallback } from 'react';
import { useChange, useKeptAddress } from './address';
import { useMay } from './api/me';
import { usePeriod, useSummary } from './api/situation';

export interface Moment {
  period?: string;
  as_of?: string;
}

/** What of a moment a page follows. */
export interface Follows {
  period: boolean;
  as_of: boolean;
}

const NOTHING: Follows = { period: false, as_of: false };
const PERIOD: Follows = { period: true, as_of: false };
const BOTH: Follows = { period: true, as_of: true };

/** Pages that show figures of some moment; others hold nothing that a moment would change. */
const PAGES: Record<string, Follows> = {
  '/': PERIOD,
  '/scores': PERIOD,
  '/households/$id': BOTH,
  '/households/$id/card': BOTH,
  '/warnings': NOTHING,
  '/mine': NOTHING,
  '/panel': NOTHING,
  '/panel/visit-list': NOTHING,
  '/indicators': NOTHING,
};

export type Note = 'past' | 'present' | 'known_now';

/** What a page has to say about the moment asked for; nothing where it shows just that. */
export function noteOf(page: string, { period, as_of }: Moment): Note | undefined {
  const follows = PAGES[page];
  if (!follows || (!period && !as_of)) return undefined;
  if (as_of && follows.period && !follows.as_of) return 'known_now';
  return follows.period ? 'past' : 'present';
}

/** The moment in the address, and a way to change it. */
export function useMoment(): [Moment, (moment: Moment) => void] {
  const { period, as_of } = useKeptAddress();
  const change = useChange();
  const open = usePeriod().data?.period;
  const set = useCallback(
    // The period under watch is the present: the address does not name it.
    (it: Moment) => change({ period: it.period === open ? undefined : it.period, as_of: it.as_of }),
    [change, open],
  );
  return [{ period, as_of }, set];
}

export function useNote(): Note | undefined {
  const { period, as_of } = useKeptAddress();
  const page = useMatches({ select: (all): string | undefined => all.at(-1)?.routeId });
  return noteOf(page ?? '', { period, as_of });
}

/** The instant whose knowledge is shown: the one asked for, else when the server was asked last. */
export function useKnown(): string | undefined {
  const { area, period, as_of } = useKeptAddress();
  const may = useMay()('counts:read');
  const summary = useSummary(area, period, may).data;
  return as_of ?? summary?.as_of ?? undefined;
}
