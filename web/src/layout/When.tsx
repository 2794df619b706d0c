/** The period that is looked at, and as it was known when. */
import { CalendarOutlined, DownOutlined } from '@ant-design/icons';
import { useRef, useState } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { useMay } from '@/api/me';
import { usePeriod } from '@/api/situation';
import { useSoon } from '@/components/useSoon';
import { useFormat } from '@/i18n/format';
import { useKnown, useMoment } from '@/moment';

/** Comes after the page: nobody chooses a period before there is something to see. */
const load = () => import('./Chooser');

export function When() {
  const { t } = useTranslation();
  const format = useFormat();
  const may = useMay()('counts:read');
  const [{ period, as_of }] = useMoment();
  const open = usePeriod().data?.period;
  const known = useKnown();
  const [isOpen, setOpen] = useState(false);
  const [isNear, setNear] = useState(false);
  const box = useRef<HTMLSpanElement>(null);
  const parts = useSoon(load, box, { isWanted: isNear || isOpen });
  if (!may || !open) return null;
  const name = format.period(period ?? open);
  const asKnown = known ? t('common.as_of', { when: format.moment(known) }) : '';
  const button = (
    <button
      type="button"
      aria-haspopup="dialog"
      aria-expanded={isOpen}
      aria-label={`${t('when.choose')}: ${name}, ${asKnown}`}
      title={format.exact(known)}
      className={period || as_of ? 'is-past' : undefined}
      onPointerEnter={() => setNear(true)}
      onClick={parts ? undefined : () => setOpen(true)}
    >
      <CalendarOutlined /> {name} <span className="as-known">{asKnown}</span> <DownOutlined />
    </button>
  );
  return (
    <span ref={box} className="bar-when tab" onKeyDown={(it) => it.key === 'Escape' && setOpen(false)}>
      {parts ? (
        <parts.Popover
          open={isOpen}
          onOpenChange={setOpen}
          trigger="click"
          placement="bottomLeft"
          // Beside its button in the document: the next Tab goes into it.
          getPopupContainer={(it) => it.parentElement ?? document.body}
          destroyOnHidden
          content={<parts.Chooser open={open} />}
        >
          {button}
        </parts.Popover>
      ) : (
        button
      )}
    </span>
  );
}
