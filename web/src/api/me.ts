/** Who is signed in, and what they may. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api, type Me } from './client';
import { forgetKept } from '@/offline/useKept';
import { forgetEarly } from './early';
import { KEPT_ME as KEPT } from '@/pages/early';
import { http, Problem } from './http';

export async function me(): Promise<Me | null> {
  try {
    const it = (await api.GET('/api/v1/me')).data ?? null;
    if (it) localStorage.setItem(KEPT, JSON.stringify(it));
    return it;
  } catch (error) {
    if (error instanceof Problem && error.status === 401) {
      localStorage.removeItem(KEPT);
      // What was asked ahead was answered to nobody.
      forgetEarly();
      return null;
    }
    // Without a network the pages open for whoever was here last; the server still decides.
    const kept = localStorage.getItem(KEPT);
    const isOffline = !(error instanceof Problem) || error.status === 0;
    if (isOffline && kept) return JSON.parse(kept) as Me;
    throw error;
  }
}

export function useMe() {
  return useQuery({ queryKey: ['me'], queryFn: me, staleTime: 300_000, retry: 1 });
}

/** Whether the role allows an action; the server decides again on every request. */
export function useMay(): (action: string) => boolean {
  const actions = useMe().data?.actions;
  return (action) => actions?.includes(action) ?? false;
}

export function useSignOut() {
  const queries = useQueryClient();
  return async () => {
    await http.post('/sign-out').catch(() => undefined);
    localStorage.removeItem(KEPT);
    forgetEarly();
    forgetKept();
    queries.clear();
    location.assign('/');
  };
}
