/** Share of households warned in an area over the last twelve periods. */
import { useTranslation } from '@/i18n/useTranslation';
import { useRecent } from '@/api/situation';
import { Spark } from '@/components/charts/Spark';
import { useFormat } from '@/i18n/format';

/** `max` is the share at the upper edge: lines of one table have one axis. */
export function WarnedSpark({ area, period, max }: { area: string; period?: string; max: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const past = useRecent(area, period).data?.items;
  if (!past) return <svg width={84} height={20} aria-hidden="true" />;
  const values = past.map((it) => (it.households > 0 ? it.warned / it.households : null));
  const label = t('situation.spark', {
    from: format.share(values[0], 1),
    to: format.share(values.at(-1), 1),
    since: format.period(past[0]?.period, true),
  });
  return <Spark values={values} max={max} label={label} />;
}
