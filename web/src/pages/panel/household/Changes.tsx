/** Since the period before: what moved, from where to where, by which facts. */
import { useTranslation } from '@/i18n/useTranslation';
import type { Explanation } from '@/api/types';
import { useFormat } from '@/i18n/format';
import { useValue } from './value';

export function Changes({ it }: { it: Explanation }) {
  const { t } = useTranslation();
  const format = useFormat();
  const value = useValue();
  if (it.changes.length === 0) return <p className="quiet">{t('household.nothing_changed')}</p>;
  return (
    <table className="plain changes">
      <tbody>
        {it.changes.map((c) => {
          const isSame = Math.abs(c.points ?? 1) < 0.05;
          const worse = (c.points ?? (c.to_severity ?? 0) - (c.from_severity ?? 0)) > 0;
          return (
            <tr key={c.indicator}>
              <td>
                {format.pick(c.label) || c.indicator}
                {c.facts?.length ? (
                  <span className="quiet"> · {t('household.by_facts', { n: c.facts.length })}</span>
                ) : null}
              </td>
              <td className="num">
                {value(c.from)} → <b>{value(c.to)}</b>
              </td>
              <td className={isSame ? 'num quiet' : worse ? 'num worse' : 'num better'}>
                <span aria-hidden="true">{isSame ? '=' : worse ? '▲' : '▼'}</span>{' '}
                {c.points == null
                  ? `${format.number(c.from_severity)} → ${format.number(c.to_severity)}`
                  : format.signed(c.points, 1)}
                <span className="visually-hidden">
                  {isSame ? '' : worse ? t('household.worse') : t('household.better')}
                </span>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
