import { useEffect, useMemo } from 'react';

/** The last data that were seen, also after the network has gone. */
export function useKept<T>(name: string, data: T | undefined): T | undefined {
  const key = `holdfast.kept.${name}`;
  useEffect(() => {
    if (data === undefined) return;
    try {
      localStorage.setItem(key, JSON.stringify(data));
    } catch {
      // No room: the form then works without what was known last.
    }
  }, [key, data]);
  return useMemo(() => {
    if (data !== undefined) return data;
    try {
      const kept = localStorage.getItem(key);
      return kept ? (JSON.parse(kept) as T) : undefined;
    } catch {
      return undefined;
    }
  }, [key, data]);
}
