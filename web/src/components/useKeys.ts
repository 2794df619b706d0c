import { useEffect, useRef } from 'react';

/** Keys of a page; fields, dialogs and buttons keep theirs. */
export function useKeys(keys: Record<string, () => unknown>) {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
      const target = event.target as HTMLElement;
      if (/INPUT|TEXTAREA|SELECT/.test(target.tagName) && target.getAttribute('type') !== 'checkbox') return;
      if (target.closest('.ant-modal, .ant-select-dropdown')) return;
      const isControl = /^(A|BUTTON|INPUT|TH)$/.test(target.tagName);
      if (isControl && (event.key === 'Enter' || event.key === ' ')) return;
      const found = latest.current[event.key];
      if (!found) return;
      event.preventDefault();
      found();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, []);
}
