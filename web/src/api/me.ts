/** Who is signed in, and what they may. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api, type Me } from './client';
import { http, Problem } from './http';

export async function me(): Promise<Me | null> {
  try {
    return (await api.GET('/api/v1/me')).data ?? null;
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return null;
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
    queries.clear();
    location.assign('/');
  };
}
