/** What is being written, as long as it is not finished: a reload loses nothing. */
import { useCallback, useState } from 'react';
import { keep, kept } from './useKept';

export function useDraft<T>(name: string): [T | undefined, (it: T | undefined) => void] {
  const [first] = useState(() => kept<T>(`draft.${name}`));
  const set = useCallback((it: T | undefined) => keep(`draft.${name}`, it), [name]);
  return [first, set];
}
