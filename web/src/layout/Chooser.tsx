/** Which period is looked at, and as it was known when. */
import { Button, Select } from 'antd';
import { useTranslation } from '@/i18n/useTranslation';
import { usePeriods } from '@/api/situation';
import { useFormat } from '@/i18n/format';
import { useMoment } from '@/moment';

export { Popover } from 'antd';

export function Chooser({ open }: { open: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [moment, set] = useMoment();
  const periods = usePeriods().data ?? [open];
  const at = periods.indexOf(moment.period ?? open);
  const go = (step: number) => set({ ...moment, period: periods[at + step] });
  return (
    <div role="dialog" aria-label={t('when.choose')} className="when-chooser">
      <label htmlFor="when-period">{t('common.period')}</label>
      <span className="row">
        <Button aria-label={t('when.earlier')} disabled={at <= 0} onClick={() => go(-1)}>
          ‹
        </Button>
        <Select
          id="when-period"
          autoFocus
          value={moment.period ?? open}
          onChange={(it) => set({ ...moment, period: it })}
          getPopupContainer={(it) => it.parentElement ?? document.body}
          options={periods
            .toReversed()
            .map((it) => ({ value: it, label: `${format.period(it)}${it === open ? ` · ${t('when.open')}` : ''}` }))}
        />
        <Button aria-label={t('when.later')} disabled={at < 0 || at >= periods.length - 1} onClick={() => go(1)}>
          ›
        </Button>
      </span>
      <label htmlFor="when-known">{t('when.known')}</label>
      <input
        id="when-known"
        type="datetime-local"
        defaultValue={localOf(moment.as_of)}
        key={moment.as_of}
        max={localOf(new Date().toISOString())}
        onBlur={(it) => set({ ...moment, as_of: instantOf(it.target.value) })}
        onKeyDown={(it) => it.key === 'Enter' && set({ ...moment, as_of: instantOf(it.currentTarget.value) })}
      />
      <p className="quiet">{t('when.known_hint')}</p>
      <Button disabled={!moment.period && !moment.as_of} onClick={() => set({})}>
        {t('when.present')}
      </Button>
    </div>
  );
}

/** An instant as the field of the browser writes it, in local time. */
export function localOf(instant: string | undefined): string | undefined {
  if (!instant) return undefined;
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return undefined;
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export function instantOf(local: string): string | undefined {
  const at = new Date(local);
  return local === '' || Number.isNaN(at.getTime()) ? undefined : at.toISOString().replace('.000', '');
}
