/** What is proposed, and what was decided of it: never by the person who proposed. */
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from '@/i18n/useTranslation';
import { useMay, useMe } from '@/api/me';
import { activations, approve, refuse, type Activation, type Version } from '@/api/policy';
import { Loaded } from '@/components/Loaded';
import type { Saving } from '@/components/useSaving';
import { useFormat } from '@/i18n/format';

interface Props {
  versions: Version[];
  run: Saving['run'];
}

export function Proposals({ versions, run }: Props) {
  const { t } = useTranslation();
  const proposed = useQuery({ queryKey: ['policy', 'activations'], queryFn: activations, retry: false });
  const isOpen = (it: Activation) => it.state === 'proposed';
  return (
    <section className="panel">
      <header>
        <h2>{t('policy.proposed')}</h2>
      </header>
      <Loaded query={proposed} empty={(it) => it.items.length === 0} emptyText={t('policy.none_proposed')}>
        {({ items }) => (
          <div className="scroll" tabIndex={0} role="region" aria-label={t('policy.proposed')}>
            <table className="plain">
              <thead>
                <tr>
                  <th>{t('policy.version')}</th>
                  <th>{t('policy.from_day')}</th>
                  <th>{t('common.state')}</th>
                  <th>{t('policy.by')}</th>
                  <th>{t('common.reason')}</th>
                  <th>
                    <span className="visually-hidden">{t('admin.deeds')}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {items
                  .toSorted((a, b) => Number(isOpen(b)) - Number(isOpen(a)) || b.number - a.number)
                  .map((it) => (
                    <Row key={it.number} it={it} version={versions.find((v) => v.hash === it.hash)} run={run} />
                  ))}
              </tbody>
            </table>
          </div>
        )}
      </Loaded>
      <p className="quiet" style={{ marginTop: 8 }}>
        {t('policy.second_person')}
      </p>
    </section>
  );
}

function Row({ it, version, run }: { it: Activation; version?: Version; run: Props['run'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const may = useMay()('policy:approve');
  const isMine = it.proposed_by === useMe().data?.name;
  return (
    <tr>
      <td className="tab nowrap">
        <b>{version?.version}</b> <span className="quiet">{it.hash.slice(0, 12)}</span>
      </td>
      <td className="nowrap">{format.day(it.from)}</td>
      <td>{t(`policy.state_${it.state}`)}</td>
      <td className="quiet">{[it.proposed_by, it.decided_by].filter(Boolean).join(' → ')}</td>
      <td>{it.note}</td>
      <td className="num">
        {it.state === 'proposed' && may ? (
          <span className="row" style={{ justifyContent: 'flex-end' }}>
            {isMine ? <span className="quiet">{t('policy.waits_for_another')}</span> : null}
            <Button type="primary" disabled={isMine} onClick={() => void run(() => approve(it.number))}>
              {t('policy.approve')}
            </Button>
            <Button danger onClick={() => void run(() => refuse(it.number))}>
              {t('policy.refuse')}
            </Button>
          </span>
        ) : null}
      </td>
    </tr>
  );
}
