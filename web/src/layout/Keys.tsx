/** Keys that work everywhere, and an overview of all keys. */
import { useNavigate } from '@tanstack/react-router';
import { Modal } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from '@/i18n/useTranslation';

const PLACES: Record<string, string> = {
  s: '/',
  w: '/warnings',
  p: '/panel',
  f: '/facts',
  i: '/indicators',
  m: '/mine',
  v: '/facts/visit',
};
/** Keys pressed one after another, or any one of several, and what they do. */
const ANYWHERE: [string[], string][] = [
  [['/'], 'search'],
  [['g', 's'], 'go_s'],
  [['g', 'w'], 'go_w'],
  [['g', 'p'], 'go_p'],
  [['g', 'f'], 'go_f'],
  [['g', 'i'], 'go_i'],
  [['g', 'm'], 'go_m'],
  [['g', 'v'], 'go_v'],
  [['?'], 'overview'],
  [['Esc'], 'close'],
];
const IN_LISTS: [string[], string][] = [
  [['j', 'k'], 'list'],
  [['Space'], 'select'],
  [['a'], 'ack'],
  [['e'], 'explain'],
  [['Enter'], 'open'],
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
      // Behind a dialog nothing moves.
      if (target.closest('.ant-modal')) return;
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
    <Modal open={open} title={t('keys.title')} footer={null} onCancel={() => setOpen(false)} width={460}>
      <Table title={t('keys.anywhere')} rows={ANYWHERE} />
      <Table title={t('keys.in_lists')} rows={IN_LISTS} />
    </Modal>
  );
}

function Table({ title, rows }: { title: string; rows: [string[], string][] }) {
  const { t } = useTranslation();
  return (
    <table className="plain keys">
      <caption>{title}</caption>
      <tbody>
        {rows.map(([keys, word]) => (
          <tr key={word}>
            <td>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </td>
            <td>{t(`keys.${word}`)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
