/** Above a page: which moment it shows, where that is not what it shows otherwise. */
import { Button } from 'antd';
import { useTranslation } from '@/i18n/useTranslation';
import { usePeriod } from '@/api/situation';
import { useFormat } from '@/i18n/format';
import { useMoment, useNote } from '@/moment';

export function MomentNote() {
  const { t } = useTranslation();
  const format = useFormat();
  const note = useNote();
  const [{ period, as_of }, set] = useMoment();
  const open = usePeriod().data?.period;
  if (!note) return null;
  const when = format.exact(as_of);
  const words = {
    past: as_of ? t('when.note_past_known', { period: format.period(period ?? open), when }) : t('when.note_past', { period: format.period(period) }),
    present: t('when.note_present', { period: format.period(open) }),
    known_now: t('when.note_known_now', { period: format.period(period ?? open), when }),
  };
  return (
    <div className="moment-note" role="note">
      <span>{words[note]}</span>
      <Button size="small" className="no-print" onClick={() => set({})}>
        {t('when.present')}
      </Button>
    </div>
  );
}
