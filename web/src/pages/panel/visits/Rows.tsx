import { useTranslation } from '@/i18n/useTranslation';
import { useIndicatorNames } from '@/api/names';
import { usePolicy } from '@/api/policy';
import type { Warned } from '@/api/warnings';
import { AreaName } from '@/components/AreaName';
import { Link } from '@/components/Link';
import { asBand, LOOKS } from '@/theme/bands';
import { namable, named } from './reason';

/** One line a household, with room to write. */
export function Rows({ rows }: { rows: Warned[] }) {
  const { t } = useTranslation();
  return (
    <table>
      <thead>
        <tr>
          <th className="num">{t('visits.number')}</th>
          <th>{t('common.band')}</th>
          <th>{t('common.household')}</th>
          <th>{t('visits.address')}</th>
          <th className="reason">{t('common.reason')}</th>
          <th className="write">{t('visits.date')}</th>
          <th className="write">{t('visits.signature')}</th>
          <th className="write wide">{t('visits.notes')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((it, n) => (
          <Row key={it.warning_id} it={it} number={n + 1} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ it, number }: { it: Warned; number: number }) {
  const { t } = useTranslation();
  const names = useIndicatorNames();
  const band = asBand(it.urgency);
  const what = named(it, namable(usePolicy().data)).map(names).join(t('warnings.joint'));
  return (
    <tr>
      <td className="num">{number}</td>
      <td className="band">
        <b className="letter">{LOOKS[band].letter}</b> {t(`band.${band}`)}
      </td>
      <td>
        <Link to="/households/$id" params={{ id: it.household_id }}>
          {it.household_id}
        </Link>
      </td>
      <td>
        <AreaName code={it.area_code} />
      </td>
      <td className="reason">{what ? t('visits.see', { what }) : t('visits.ask')}</td>
      <td className="write" />
      <td className="write" />
      <td className="write wide" />
    </tr>
  );
}
