import { useState } from 'react';

/** Whether something is open or was before: from then on it stays, so that it closes as it should and gives the focus back. */
export function useOnceOpen(isOpen: boolean): boolean {
  const [was, setWas] = useState(isOpen);
  if (isOpen && !was) setWas(true);
  return was || isOpen;
}
