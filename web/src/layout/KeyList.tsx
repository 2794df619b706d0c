/** An overview of all keys. */
import { Modal } from 'antd';
import { useTranslation } from '@/i18n/useTranslation';

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

export default function KeyList({ open, close }: { open: boolean; close: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal open={open} title={t('keys.title')} footer={null} onCancel={close} width={460}>
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
