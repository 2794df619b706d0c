/** Module › dimension › indicator. */
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from '@/i18n/useTranslation';
import { useIndicatorNames } from '@/api/names';
import { indicatorOf, type Policy } from '@/api/policy';
import { intent } from '@/components/intent';
import { useFormat } from '@/i18n/format';

interface Props {
  policy: Policy;
  at?: string;
  go: (indicator?: string) => void;
}

export function Tree({ policy, at, go }: Props) {
  const { t } = useTranslation();
  const { pick, number } = useFormat();
  const names = useIndicatorNames();
  const queries = useQueryClient();
  return (
    <nav className="panel tree" aria-label={t('policy.tree')}>
      <button type="button" aria-current={!at || undefined} onClick={() => go()}>
        {t('policy.lines')}
      </button>
      {policy.modules.map((module) => (
        <details key={module.id} open>
          <summary>
            {pick(module.label) || module.id} <span className="quiet tab">{number(module.weight, 1)}</span>
          </summary>
          {module.dimensions.map((dimension) => (
            <div key={dimension.id}>
              <h3>
                {pick(dimension.label) || dimension.id}{' '}
                <span className="quiet tab">{number(dimension.weight, 1)}</span>
              </h3>
              {dimension.indicators.map((it) => {
                const id = typeof it === 'string' ? it : it.id;
                return (
                  <button
                    type="button"
                    key={id}
                    aria-current={at === id || undefined}
                    onClick={() => go(id)}
                    {...intent(() => void queries.prefetchQuery(indicatorOf(id)))}
                  >
                    {(typeof it !== 'string' && pick(it.label)) || names(id)}
                  </button>
                );
              })}
            </div>
          ))}
        </details>
      ))}
    </nav>
  );
}
