import { whenStill } from '@/still';
import { whenQuiet } from '@/components/useQuiet';

/** Milliseconds of quiet before the worker fetches the shell: what is looked at comes first. */
const AFTER_MS = 3000;

/** The service worker keeps the shell, so that pages open without a network. */
export function register() {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const start = () => void navigator.serviceWorker.register('/sw.js').catch(() => undefined);
  whenQuiet(() => setTimeout(() => whenStill(start), AFTER_MS));
}
