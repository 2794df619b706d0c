import { useEffect, useState } from 'react';
import { useKeys } from './useKeys';

/** Rows by keys: j and k move, Enter opens. Gives the place of the current row. */
export function useRowKeys(count: number, open: (at: number) => unknown): number {
  const [at, setAt] = useState(-1);
  const move = (by: number) => setAt((it) => Math.max(0, Math.min(count - 1, it + by)));
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    Enter: () => at >= 0 && at < count && open(at),
  });
  useEffect(() => {
    if (at >= 0) document.querySelector('main tr[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  return at;
}
