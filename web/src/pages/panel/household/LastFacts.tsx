/** What is known last of each fact; each can be corrected, with a reason. */
import { Button } from 'antd';
import { useTranslation } from '@/i18n/useTranslation';
import { useForms, useLastFacts } from '@/api/household';
import { useMay } from '@/api/me';
import { Loaded } from '@/components/Loaded';
import { useFormat } from '@/i18n/format';

export function LastFacts({ id, correct }: { id: string; correct: (fact: string) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const forms = useForms().data?.items;
  const may = useMay()('facts:write');
  const form = (fact: string) => forms?.find((it) => it.fact === fact);
  return (
    <section className="panel">
      <header>
        <h2>{t('household.known')}</h2>
      </header>
      <Loaded query={useLastFacts(id)} empty={(it) => it.items.length === 0}>
        {({ items }) => (
          <div className="scroll known" tabIndex={0} role="region" aria-label={t('household.known')}>
            <table className="plain">
              <tbody>
                {items.map((it) => {
                  const known = form(it.fact);
                                    const label = format.pick(it.label) || format.pick(known?.label) || it.fact;
                  return (
                    <tr key={`${it.fact}-${it.member_id ?? ''}`}>
                      <td>
                        {label}
                        {it.member_id ? <span className="quiet"> · {it.member_id}</span> : null}
                      </td>
                      <td className="num">
                        {format.pick(it.shown) || it.value}
                      </td>
                      <td className="quiet num">{format.day(it.valid_from)}</td>
                      <td className="num">
                        {may ? (
                          <Button
                            size="small"
                            aria-label={`${t('facts.correct')}: ${label}`}
                            onClick={() => correct(it.fact_id ?? it.fact)}
                          >
                            {t('facts.correct')}
                          </Button>
                        ) : null}
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </div>
        )}
      </Loaded>
    </section>
  );
}
