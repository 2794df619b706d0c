import { useSyncExternalStore } from 'react';

/** Milliseconds after which a page that is never quiet counts as one. */
const PATIENCE_MS = 3000;
const listeners = new Set<() => void>();
let isQuiet = false;
let isBegun = false;
let patience: ReturnType<typeof setTimeout> | undefined;

function tell() {
  clearTimeout(patience);
  isQuiet = true;
  for (const listener of listeners) listener();
}

/** The first page was drawn: the next idle time is a quiet page. */
export function beginQuiet() {
  if (isBegun) return;
  isBegun = true;
  // Safari knows no idle time.
  const later = globalThis.requestIdleCallback ?? ((work: () => void) => setTimeout(work, 500));
  // After the frame that is being made was painted.
  requestAnimationFrame(() => later(tell, { timeout: PATIENCE_MS }));
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  if (!isQuiet) patience ??= setTimeout(tell, PATIENCE_MS);
  return () => listeners.delete(listener);
}

/** Whether the first page was drawn and the browser had time for something else since. */
export function useQuiet(): boolean {
  return useSyncExternalStore(subscribe, () => isQuiet);
}

/** Runs once the page is quiet. */
export function whenQuiet(work: () => void) {
  if (isQuiet) return work();
  const stop = subscribe(() => {
    stop();
    work();
  });
}
