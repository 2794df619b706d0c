import { useEffect } from 'react';
import { PAGES } from '@/pages';

/** Pages that people go to again and again. */
const OFTEN = ['/', '/warnings', '/households/$id', '/scores', '/mine', '/facts/visit', '/indicators'];
/** What shows that somebody is there, before the first press. */
const SIGNS = ['pointermove', 'pointerdown', 'keydown', 'scroll'] as const;
/** Milliseconds after which a page that was never quiet gets no more time. */
const PATIENCE_MS = 5000;

/**
 * Once somebody moves, and whenever the page is quiet, the code of the other pages comes: the first press on
 * each is as fast as the second. A page that is only looked at costs nothing more.
 */
export function useReady() {
  useEffect(() => {
    const stop = () => SIGNS.forEach((it) => removeEventListener(it, start));
    const start = () => {
      stop();
      loadRest();
    };
    for (const it of SIGNS) addEventListener(it, start, { passive: true });
    return stop;
  }, []);
}

function loadRest() {
  // Safari knows no idle time.
  const later = globalThis.requestIdleCallback ?? ((work: () => void) => setTimeout(work, 1500));
  const rest = PAGES.filter(([path]) => OFTEN.includes(path)).map(([, load]) => load);
  const next = () => {
    const load = rest.shift();
    // Without a network the press says so.
    if (load) void load().then(() => later(next, { timeout: PATIENCE_MS }), () => undefined);
  };
  later(next, { timeout: PATIENCE_MS });
}
