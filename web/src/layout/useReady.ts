import { useEffect } from 'react';
import { whenStill } from '@/still';
import { PAGES } from '@/pages';

/** Pages that people go to again and again. */
const OFTEN = ['/', '/warnings', '/households/$id', '/scores', '/mine', '/facts/visit', '/indicators'];
/** What shows that somebody is there, before the first press. */
const SIGNS = ['pointermove', 'pointerdown', 'keydown', 'scroll'] as const;
/**
 * Once somebody moved, and whenever nobody does, the code of the other pages comes: the first press on
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
  const rest = PAGES.filter(([path]) => OFTEN.includes(path)).map(([, load]) => load);
  const next = () => {
    const load = rest.shift();
    // Without a network the press says so.
    if (load) void load().then(() => whenStill(next), () => undefined);
  };
  whenStill(next);
}
