import { useEffect } from 'react';
import { PAGES } from '@/pages';

/** Pages that people go to again and again. */
const OFTEN = ['/', '/warnings', '/households/$id', '/scores', '/mine', '/facts/visit', '/indicators'];
/** Milliseconds after which a page that was never quiet gets no more time. */
const PATIENCE_MS = 5000;

/** Once the page is quiet, the code of the others comes: the first press on each is as fast as the second. */
export function useReady() {
  useEffect(() => {
    // Safari knows no idle time.
    const later = globalThis.requestIdleCallback ?? ((work: () => void) => setTimeout(work, 1500));
    const rest = PAGES.filter(([path]) => OFTEN.includes(path)).map(([, load]) => load);
    const next = () => {
      const load = rest.shift();
      // Without a network the press says so.
      if (load) void load().then(() => later(next, { timeout: PATIENCE_MS }), () => undefined);
    };
    later(next, { timeout: PATIENCE_MS });
  }, []);
}
