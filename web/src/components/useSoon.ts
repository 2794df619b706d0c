import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import { useQuiet } from './useQuiet';

type Load<T> = () => Promise<T>;
const loaded = new Map<Load<unknown>, unknown>();

interface When {
  /** Somebody is about to use it: at once. */
  isWanted?: boolean;
  /** Somebody is in the middle of something: not now. */
  isHeld?: boolean;
}

/**
 * A control that is heavy and not needed for the first look: it comes when the page is quiet, or when somebody
 * goes near it. Until then the caller draws something simple in its place that looks the same; `box` is what
 * both stand in, and whoever had the focus in it keeps it.
 */
export function useSoon<T>(load: Load<T>, box: RefObject<HTMLElement | null>, when: When = {}): T | undefined {
  const { isWanted = false, isHeld = false } = when;
  const [it, set] = useState(() => loaded.get(load) as T | undefined);
  const hadFocus = useRef(false);
  const isTime = useQuiet() || isWanted;
  useEffect(() => {
    if (it !== undefined || isHeld || !isTime) return;
    let isGone = false;
    const come = (found: T) => {
      loaded.set(load, found);
      if (isGone) return;
      hadFocus.current = box.current?.contains(document.activeElement) ?? false;
      set(() => found);
    };
    // Without a network what is simple stays.
    void load().then(come, () => undefined);
    return () => {
      isGone = true;
    };
  }, [it, isHeld, isTime, load, box]);
  useLayoutEffect(() => {
    if (it === undefined || !hadFocus.current) return;
    hadFocus.current = false;
    box.current?.querySelector<HTMLElement>('button, input')?.focus();
  }, [it, box]);
  return it;
}
