/** What changed in the policy, when, by whom, and how many households it touched. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { changes } from '@/api/policy';
import { Loaded } from '@/components/Loaded';
import { useFormat } from '@/i18n/format';

export function ChangeLog() {
  const { t } = useTranslation();
  const format = useFormat();
  const log = useQuery({ queryKey: ['policy', 'changes'], queryFn: changes });
  const show = (it: unknown): string => {
    if (it == null) return '';
    if (typeof it === 'string') return /^\d{4}-\d{2}-\d{2}T/.test(it) ? format.exact(it) : it;
    if (typeof it === 'number') return format.number(it);
    if (Array.isArray(it)) return it.map(show).join('; ');
    return Object.entries(it)
      .map(([key, value]) => `${key}: ${show(value)}`)
      .join(', ');
  };
  return (
    <section className="panel">
      <header>
        <h2>{t('policy.log')}</h2>
      </header>
      <Loaded query={log} empty={(it) => it.items.length === 0}>
        {({ items }) => {
          const columns = [...new Set(items.flatMap((it) => Object.keys(it)))];
          return (
            <div className="scroll">
              <table className="plain">
                <thead>
                  <tr>
                    {columns.map((it) => (
                      <th key={it}>{it.replaceAll('_', ' ')}</th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {items.map((it, n) => (
                    <tr key={n}>
                      {columns.map((column) => (
                        <td key={column}>{show(it[column])}</td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          );
        }}
      </Loaded>
    </section>
  );
}
