/** Events as they happen: one stream for the whole page. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import type { LiveEvent } from './client';
import { useMay } from './me';

const KEPT = 60;
const KINDS = ['raised', 'changed', 'ended', 'acknowledged', 'reopened', 'assigned', 'suppressed'];
let events: LiveEvent[] = [];
let isConnected = false;
const listeners = new Set<() => void>();

function tell() {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The newest events, newest first. */
export function useEvents(): LiveEvent[] {
  return useSyncExternalStore(subscribe, () => events);
}

export function useIsConnected(): boolean {
  return useSyncExternalStore(subscribe, () => isConnected);
}

/** Opens the stream; what it tells makes lists and counts be asked again, at most once a second. */
export function useLive() {
  const queries = useQueryClient();
  const may = useMay()('households:read');
  useEffect(() => {
    if (!may) return;
    const source = new EventSource('/api/v1/events');
    let timer: ReturnType<typeof setTimeout> | undefined;
    const households = new Set<string>();
    const refresh = () => {
      timer = undefined;
      for (const key of ['warnings', 'situation', 'counts']) {
        void queries.invalidateQueries({ queryKey: [key] });
      }
      for (const id of households) void queries.invalidateQueries({ queryKey: ['household', id] });
      households.clear();
    };
    const heard = (message: MessageEvent<string>) => {
      const event = JSON.parse(message.data) as LiveEvent;
      events = [event, ...events].slice(0, KEPT);
      if (event.household_id) households.add(event.household_id);
      timer ??= setTimeout(refresh, 1000);
      tell();
    };
    source.onmessage = heard;
    for (const kind of KINDS) source.addEventListener(`warning.${kind}`, heard as EventListener);
    source.onopen = () => {
      isConnected = true;
      tell();
    };
    source.onerror = () => {
      isConnected = false;
      tell();
    };
    return () => {
      clearTimeout(timer);
      source.close();
    };
  }, [queries, may]);
}
