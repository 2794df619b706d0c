/** What may come after the first paint: below the fold, or slow to draw. */
import { useDeferredValue, type ReactNode } from 'react';

interface Props {
  /** Pixels kept free until it is there, so that nothing jumps. */
  height: number;
  children: ReactNode;
}

export function Later({ height, children }: Props) {
  const isTime = useDeferredValue(true, false);
  return isTime ? children : <div className="panel" style={{ minHeight: height }} />;
}
