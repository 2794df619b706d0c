/** What an import recorded, taken back: what that does is said before it is done. */
import { UndoOutlined } from '@ant-design/icons';
import { App, Button, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { undo } from '@/api/imports';
import { useMay } from '@/api/me';
import type { Job } from '@/api/types';
import { oneLine } from '@/components/Failure';
import { Link } from '@/components/Link';
import { useFormat } from '@/i18n/format';

interface Props {
  job: Job;
  /** Called with the job that does it. */
  begun: (id: string) => void;
}

export function UndoButton({ job, begun }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const may = useMay();
  const { notification } = App.useApp();
  const [isAsking, setAsking] = useState(false);
  const [isSending, setSending] = useState(false);
  if (!job.can_be_undone || !may('imports:write')) return null;
  const isBack = Boolean(job.undoes);
  const send = async () => {
    setSending(true);
    try {
      const { id } = await undo(job.id);
      setAsking(false);
      begun(id);
    } catch (error) {
      notification.error({ title: oneLine(error) });
    }
    setSending(false);
  };
  const name = job.filename ?? job.id.slice(0, 8);
  const does = isBack ? ['redo_facts', 'undo_scores'] : ['undo_facts', 'undo_scores', 'undo_corrected', 'undo_stays', 'undo_again'];
  // Of one that failed nobody knows how many there are before they are taken back.
  const count = job.result?.[isBack ? 'taken_back' : 'accepted'];
  const n = typeof count === 'number' ? format.number(count) : '';
  return (
    <>
      <Button icon={<UndoOutlined />} onClick={() => setAsking(true)}>
        {t(isBack ? 'imports.redo' : 'imports.undo')}
      </Button>
      <Modal
        open={isAsking}
        title={t(isBack ? 'imports.redo_title' : 'imports.undo_title', { name })}
        okText={t(isBack ? 'imports.redo' : 'imports.undo')}
        okButtonProps={{ loading: isSending }}
        onOk={() => void send()}
        onCancel={() => setAsking(false)}
      >
        <ul className="does">
          {does.map((it) => (
            <li key={it}>{t(`imports.${it}`, { n }).replace('  ', ' ')}</li>
          ))}
        </ul>
      </Modal>
    </>
  );
}

/** Which job undid it, or which one it undoes. */
export function UndoNote({ job }: { job: Job }) {
  const { t } = useTranslation();
  const other = job.undone_by ?? job.undoes;
  if (!other) return null;
  return (
    <p role="note">
      {t(job.undone_by ? (job.undoes ? 'imports.was_redone' : 'imports.was_undone') : 'imports.undoes')}{' '}
      <Link to="/facts/imports" search={{ job: other }}>
        {t(job.undone_by ? 'imports.see_undo' : 'imports.see_import')}
      </Link>
    </p>
  );
}

interface Left {
  fact_id: string;
  household_id?: string | null;
}

/** Facts that somebody corrected since: they stay. */
export function LeftAlone({ job }: { job: Job }) {
  const { t } = useTranslation();
  const left = (job.result?.left ?? []) as Left[];
  const homes = [...new Set(left.flatMap((it) => it.household_id ?? []))];
  if (homes.length === 0) return null;
  return (
    <p>
      {t('imports.left_alone')}{' '}
      {homes.map((it, n) => (
        <span key={it}>
          {n > 0 ? t('warnings.joint') : ''}
          <Link to="/households/$id" params={{ id: it }}>
            {it}
          </Link>
        </span>
      ))}
    </p>
  );
}
