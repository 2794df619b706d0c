/** The policy, readable without a programmer; and what another one would change, saving nothing. */
import { Tabs } from 'antd';
import { useState } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { useAddress } from '@/address';
import { useMay } from '@/api/me';
import { usePolicy, type Change } from '@/api/policy';
import { Loaded } from '@/components/Loaded';
import { useFormat } from '@/i18n/format';
import { ChangeLog } from './ChangeLog';
import { IndicatorView } from './IndicatorView';
import { Lines } from './Lines';
import { Tray } from './Tray';
import { Tree } from './Tree';
import { Versions } from './Versions';
import './policy.css';

/** A change replaces an earlier one of the same thing; back at the old value it is none. */
export function changed(all: Change[], one: Change, now?: number | null): Change[] {
  const others = all.filter((it) => !(it.kind === one.kind && it.id === one.id && it.key === one.key));
  return now != null && one.value === now ? others : [...others, one];
}

export default function Policy() {
  const { t } = useTranslation();
  const { pick } = useFormat();
  const [address, change] = useAddress();
  const may = useMay();
  const policy = usePolicy();
  const [moved, setMoved] = useState<Change[]>([]);
  const move = (one: Change, now?: number | null) => setMoved((all) => changed(all, one, now));
  const canTry = may('policy:try');
  return (
    <Loaded query={policy} lines={10}>
      {(it) => (
        <>
          <div className="row spread">
            <h1>
              {pick(it.label) || it.id}{' '}
              <span className="quiet tab">
                {it.version} · {it.hash.slice(0, 8)}
              </span>
            </h1>
          </div>
          <Tabs
            activeKey={address.tab ?? 'read'}
            onChange={(tab) => change({ tab: tab === 'read' ? undefined : tab })}
            items={[
              { key: 'read', label: t('policy.read') },
              { key: 'versions', label: t('policy.versions') },
              { key: 'log', label: t('policy.log') },
            ]}
          />
          {address.tab === 'versions' ? <Versions policy={it} /> : null}
          {address.tab === 'log' ? <ChangeLog policy={it} /> : null}
          {address.tab === undefined ? (
            <div className={canTry ? 'policy with-tray' : 'policy'}>
              <Tree policy={it} at={address.indicator} go={(id) => change({ indicator: id })} />
              {address.indicator ? (
                <IndicatorView id={address.indicator} moved={moved} move={canTry ? move : undefined} />
              ) : (
                <Lines policy={it} moved={moved} move={canTry ? move : undefined} />
              )}
              {canTry ? <Tray policy={it} moved={moved} setMoved={setMoved} /> : null}
            </div>
          ) : null}
        </>
      )}
    </Loaded>
  );
}
