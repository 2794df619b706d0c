/** What may come after the first paint: below the fold, or slow to draw. */
import { useDeferredValue, type ReactNode } from 'react';

interface Props {
  /** Pixels kept free until it is there, so that nothing jumps. */
  height: number;
  /** It stands inside a panel. */
  isBare?: boolean;
  children: ReactNode;
}

export function Later({ height, isBare, children }: Props) {
  const isTime = useDeferredValue(true, false);
  return isTime ? children : <div className={isBare ? undefined : 'panel'} style={{ minHeight: height }} />;
}
