/** Keys that work everywhere, and an overview of all keys. */
import { useNavigate } from '@tanstack/react-router';
import { Modal } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

const PLACES: Record<string, string> = {
  s: '/',
  w: '/warnings',
  p: '/panel',
  f: '/facts',
  i: '/indicators',
};
const ROWS: [string, string][] = [
  ['/', 'search'],
  ['g …', 'go'],
  ['j k', 'list'],
  ['Space', 'select'],
  ['a', 'ack'],
  ['e', 'explain'],
  ['Enter', 'open'],
  ['?', 'overview'],
];

export function Keys({ open, setOpen }: { open: boolean; setOpen: (it: boolean) => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const wait = useRef(0);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.metaKey || event.ctrlKey || event.altKey) return;
      if (/INPUT|TEXTAREA|SELECT/.test(target.tagName)) return;
      if (event.key === '?') setOpen(true);
      if (event.key === 'g') {
        wait.current = event.timeStamp;
        return;
      }
      const place = PLACES[event.key];
      if (place && event.timeStamp - wait.current < 1200) void navigate({ to: place });
      wait.current = 0;
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, [navigate, setOpen]);
  return (
    <Modal open={open} title={t('keys.title')} footer={null} onCancel={() => setOpen(false)}>
      <table className="plain">
        <tbody>
          {ROWS.map(([key, word]) => (
            <tr key={key}>
              <td>
                <kbd>{key}</kbd>
              </td>
              <td>{t(`keys.${word}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Modal>
  );
}
