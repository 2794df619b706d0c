/** Work that gives way to whoever is busy on the page: it would come between a press and its answer. */

const SIGNS = ['pointermove', 'pointerdown', 'keydown', 'scroll'] as const;
/** Milliseconds without a sign of anybody after which nobody is busy. */
const STILL_MS = 1000;
/** Milliseconds after which even who never rests gets it. */
const PATIENCE_MS = 5000;
let lastSign = 0;
for (const it of SIGNS) addEventListener(it, () => (lastSign = performance.now()), { passive: true, capture: true });

// Safari knows no idle time.
const later = globalThis.requestIdleCallback ?? ((work: () => void) => setTimeout(work));

/** Runs when nobody moved or pressed anything for a second and the browser has time. */
export function whenStill(work: () => void, since = performance.now()) {
  const wait = Math.min(lastSign + STILL_MS, since + PATIENCE_MS) - performance.now();
  if (wait > 0) setTimeout(() => whenStill(work, since), wait);
  else later(work, { timeout: PATIENCE_MS });
}
