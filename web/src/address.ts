/** What stands in the address of a page: everything that filters. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

export interface Address {
  area?: string;
  period?: string;
  as_of?: string;
  measure?: string;
  state?: string;
  band?: string;
  rule?: string;
  assignee?: string;
  kind?: string;
  q?: string;
  view?: string;
  tab?: string;
  job?: string;
  indicator?: string;
  household?: string;
  actor?: string;
  command?: string;
}

export function text(value: unknown): string | undefined {
  if (typeof value === 'string' && value !== '') return value;
  return typeof value === 'number' ? String(value) : undefined;
}

/** The address, and a way to change parts of it without leaving the page. */
export function useAddress(): [Address, (change: Address, replace?: boolean) => void] {
  const search = useSearch({ strict: false }) as Address;
  const navigate = useNavigate();
  const change = useCallback(
    (part: Address, replace = false) => {
      void navigate({
        to: '.',
        search: (before: Address) => ({ ...before, ...part }),
        replace,
      } as never);
    },
    [navigate],
  );
  return [search, change];
}
