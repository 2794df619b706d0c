import { useSyncExternalStore } from 'react';

/** Milliseconds after which a page that is never quiet counts as one. */
const PATIENCE_MS = 3000;
const listeners = new Set<() => void>();
let isQuiet = false;
let isWaiting = false;

function wait() {
  isWaiting = true;
  // Safari knows no idle time.
  const later = globalThis.requestIdleCallback ?? ((work: () => void) => setTimeout(work, 500));
  const tell = () => {
    isQuiet = true;
    for (const listener of listeners) listener();
  };
  // After the frame that is being made was painted.
  requestAnimationFrame(() => later(tell, { timeout: PATIENCE_MS }));
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  if (!isWaiting) wait();
  return () => listeners.delete(listener);
}

/** Whether the first page was drawn and the browser had time for something else since. */
export function useQuiet(): boolean {
  return useSyncExternalStore(subscribe, () => isQuiet);
}
