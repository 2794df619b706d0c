import { useEffect, useMemo } from 'react';

const PREFIX = 'holdfast.kept.';

export function kept<T>(name: string): T | undefined {
  try {
    const text = localStorage.getItem(PREFIX + name);
    return text ? (JSON.parse(text) as T) : undefined;
  } catch {
    return undefined;
  }
}

export function keep(name: string, data: unknown) {
  try {
    if (data === undefined) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, JSON.stringify(data));
  } catch {
    // No room: the form then works without what was known last.
  }
}

/** Nothing that was known of households stays behind for whoever has the phone next. */
export function forgetKept() {
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
}

/** The last data that were seen, also after the network has gone; until its reader signs out. */
export function useKept<T>(name: string, data: T | undefined): T | undefined {
  useEffect(() => {
    if (data !== undefined) keep(name, data);
  }, [name, data]);
  return useMemo(() => data ?? kept<T>(name), [name, data]);
}
