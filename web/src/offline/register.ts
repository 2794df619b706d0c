/** The service worker keeps the shell, so that a visit form opens without a network. */
export function register() {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  void navigator.serviceWorker.register('/sw.js').catch(() => undefined);
  // What a visit needs is asked for once while there is a network, and kept by the worker.
  void navigator.serviceWorker.ready.then(() => {
    setTimeout(() => void import('@/pages/facts/Visit').catch(() => undefined), 3000);
  });
}
