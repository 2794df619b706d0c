// Keeps the shell of the UI, so that a visit form opens without a network. Never keeps an answer of
// the API: what is known of households lies only where the page put it.
const KEPT = 'holdfast-shell-1';

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(['/', '/icon.svg', '/manifest.webmanifest'])));
  self.skipWaiting();
});

self.addEventListener('activate', (event) => {
  const old = caches.keys().then((keys) => keys.filter((it) => it !== KEPT).map((it) => caches.delete(it)));
  event.waitUntil(old.then((all) => Promise.all(all)).then(() => self.clients.claim()));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return;
  if (url.pathname.startsWith('/assets/')) event.respondWith(keptFirst(request));
  else if (request.mode === 'navigate') event.respondWith(networkFirst(request));
});

async function keptFirst(request) {
  const cache = await caches.open(KEPT);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}

async function networkFirst(request) {
  const cache = await caches.open(KEPT);
  try {
    const answer = await fetch(request);
    if (answer.ok && answer.headers.get('content-type')?.includes('text/html')) {
      await cache.put('/', answer.clone());
    }
    return answer;
  } catch {
    return (await cache.match('/')) ?? Response.error();
  }
}
