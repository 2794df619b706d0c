/** What stands in the address of a page: everything that filters. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { createContext, useCallback, useContext } from 'react';

export interface Address {
  area?: string;
  period?: string;
  as_of?: string;
  measure?: string;
  state?: string;
  band?: string;
  rule?: string;
  assignee?: string;
  /** Of warnings: only those that wait too long. */
  overdue?: string;
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

type Change = (change: Address, replace?: boolean) => void;

/** The address, and a way to change parts of it without leaving the page. */
export function useAddress(): [Address, Change] {
  return [useSearch({ strict: false }) as Address, useChange()];
}

/** One part of the address; who asks for it is drawn again only when that one changes. */
export function useAddressPart(part: keyof Address): string | undefined {
  return useSearch({ strict: false, select: (it: Address) => it[part] });
}

/** What all addresses keep: where and when is looked at. */
export type Kept = Pick<Address, 'area' | 'period' | 'as_of'>;

/** The shell gives it. */
export const KeptAddress = createContext<Kept>({});

/** That part of the address alone: whoever needs no more is not drawn again when a page filters. */
export function useKeptAddress() {
  return useContext(KeptAddress);
}

/** Changes parts of the address without leaving the page. */
export function useChange(): Change {
  const navigate = useNavigate();
  return useCallback(
    (part: Address, replace = false) => {
      void navigate({
        to: '.',
        search: (before: Address) => ({ ...before, ...part }),
        replace,
      } as never);
    },
    [navigate],
  );
}
