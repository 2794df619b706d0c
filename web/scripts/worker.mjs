// The service worker: keeps the shell of the UI, so that pages open without a network. Never an answer of
// the API: what is known of households lies only where a page put it.
import { generateSW } from 'workbox-build';

const { count, size, warnings } = await generateSW({
  globDirectory: new URL('../dist/ui', import.meta.url).pathname,
  globPatterns: ['index.html', 'icon.svg', 'manifest.webmanifest', 'assets/*.{js,css}'],
  // Charts draw what only the server knows; half a megabyte less for a phone in a village.
  globIgnores: ['assets/engine-*.js'],
  swDest: new URL('../dist/ui/sw.js', import.meta.url).pathname,
  dontCacheBustURLsMatching: /\/assets\//,
  inlineWorkboxRuntime: true,
  sourcemap: false,
  // The page comes from the server where there is one, so that an upgrade is seen at once. A worker
  // that is newer waits until the last page of the old one is closed: an open page keeps its files.
  directoryIndex: null,
  clientsClaim: true,
  skipWaiting: false,
  cleanupOutdatedCaches: true,
  runtimeCaching: [
    {
      urlPattern: ({ request, url }) =>
        request.mode === 'navigate' && !/^\/(api\/|docs|metrics|openapi\.json)/.test(url.pathname),
      handler: 'NetworkOnly',
      options: { precacheFallback: { fallbackURL: '/index.html' } },
    },
  ],
});
for (const it of warnings) console.warn(it);
console.log(`sw.js keeps ${count} files, ${Math.round(size / 1024)} kB`);
