import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';

/** Rows that a screen shows, where each is a line. */
const SCREEN = 24;

/**
 * Of the rows of a query those of one screen at once, the others after they were painted. `list` says
 * which list is asked for (its filter): the same list with other rows comes whole, so that nothing jumps
 * under who reads further down. `screen` is how many rows a screen shows, where they are of several lines.
 */
export function useFirstRows<T>(rows: T[], list: string, query: UseInfiniteQueryResult, screen = SCREEN): T[] {
  const [shown, setShown] = useState('');
  const isNew = query.isSuccess && !query.isPlaceholderData && shown !== list;
  if (isNew) setShown(list);
  const painted = useDeferredValue(shown);
  return painted === shown && !isNew ? rows : rows.slice(0, screen);
}
