/** Keys that work everywhere. */
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { useOnceOpen } from '@/components/useOnceOpen';

const KeyList = lazy(() => import('./KeyList'));

const PLACES: Record<string, string> = {
  s: '/',
  w: '/warnings',
  p: '/panel',
  f: '/facts',
  i: '/indicators',
  m: '/mine',
  v: '/facts/visit',
};
export function Keys({ open, setOpen }: { open: boolean; setOpen: (it: boolean) => void }) {
  const navigate = useNavigate();
  const isThere = useOnceOpen(open);
  const wait = useRef(0);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.metaKey || event.ctrlKey || event.altKey) return;
      if (/INPUT|TEXTAREA|SELECT/.test(target.tagName)) return;
      if (event.key === '?') setOpen(true);
      // Behind a dialog nothing moves.
      if (target.closest('.ant-modal')) return;
      if (event.key === 'g') {
        wait.current = event.timeStamp;
        return;
      }
      const place = PLACES[event.key];
      if (place && event.timeStamp - wait.current < 1200) void navigate({ to: place });
      wait.current = 0;
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, [navigate, setOpen]);
  return isThere ? (
    <Suspense>
      <KeyList open={open} close={() => setOpen(false)} />
    </Suspense>
  ) : null;
}
