/** How good the rules are: raised, taken note of, confirmed. */
import { useTranslation } from '@/i18n/useTranslation';
import { useRules } from '@/api/situation';
import { Link } from '@/components/Link';
import { Loaded } from '@/components/Loaded';
import { useFormat } from '@/i18n/format';

export function Rules() {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section className="panel">
      <header>
        <h2>{t('situation.rules')}</h2>
      </header>
      <Loaded query={useRules()} empty={(it) => it.items.length === 0}>
        {({ items }) => (
          <div className="scroll" tabIndex={0} role="region" aria-label={t('situation.rules')}>
            <table className="plain">
              <thead>
                <tr>
                  <th>{t('situation.rule')}</th>
                  <th className="num">{t('situation.raised')}</th>
                  <th className="num">{t('situation.acknowledged')}</th>
                  <th className="num">{t('situation.confirmed')}</th>
                  <th className="num">{t('situation.precision')}</th>
                </tr>
              </thead>
              <tbody>
                {items.toSorted((a, b) => b.raised - a.raised).slice(0, 10).map((it) => (
                  <tr key={it.rule}>
                    <td>{format.pick(it.label) || it.rule}</td>
                    <td className="num">
                      <Link to="/warnings" search={{ rule: it.rule, state: 'all' }}>
                        {format.number(it.raised)}
                      </Link>
                    </td>
                    <td className="num">
                      <Link to="/warnings" search={{ rule: it.rule, state: 'acknowledged' }}>
                        {format.number(it.acknowledged)}
                      </Link>
                    </td>
                    <td className="num">{format.number(it.confirmed)}</td>
                    <td className="num">{format.share(it.precision)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Loaded>
    </section>
  );
}
