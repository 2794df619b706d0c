/** What kind of server this is. */
import { useQuery } from '@tanstack/react-query';
import { http } from './http';
import { ABOUT } from './questions';

interface About {
  version: string;
  notice?: string | null;
}

/** Data count as simulated until the server says that they are not. */
export function useAbout(): { isSimulated: boolean; version?: string } {
  const about = useQuery({
    queryKey: ['about'],
    queryFn: () => http.get<About>(...ABOUT),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  return { isSimulated: about.data ? Boolean(about.data.notice) : true, version: about.data?.version };
}
