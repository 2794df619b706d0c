/** Two entries that may be one person; a person decides, and may take it back. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Segmented } from 'antd';
import { useTranslation } from '@/i18n/useTranslation';
import { useAddress } from '@/address';
import { decide, mergeOf, pairs, undoMerge, type Decision, type PairState } from '@/api/people';
import type { Pair } from '@/api/types';
import { oneLine } from '@/components/Failure';
import { Loaded } from '@/components/Loaded';
import { PairPanel } from './person/PairPanel';

const STATES: PairState[] = ['open', 'merged', 'distinct'];
const TOUCHED = ['duplicates', 'people', 'person', 'household', 'situation'];

export default function Duplicates() {
  const { t } = useTranslation();
  const { notification } = App.useApp();
  const queries = useQueryClient();
  const [address, change] = useAddress();
  const state = STATES.find((it) => it === address.state) ?? 'open';
  const list = useQuery({ queryKey: ['duplicates', state], queryFn: () => pairs(state) });

  const run = async (work: () => Promise<unknown>) => {
    try {
      await work();
      for (const key of TOUCHED) void queries.invalidateQueries({ queryKey: [key] });
    } catch (error) {
      notification.error({ title: oneLine(error) });
    }
  };
  const undo = (pair: Pair, merge?: number | null) =>
    run(async () => {
      const number = merge ?? (await mergeOf(pair.one.person_id, pair.other.person_id))?.id;
      if (number != null) await undoMerge(number);
      notification.destroy(`merge-${pair.id}`);
    });
  const told = (pair: Pair, it: Decision) =>
    run(async () => {
      const { merge } = await decide(pair.id, it);
      if (merge == null) return;
      const key = `merge-${pair.id}`;
      const actions = <Button onClick={() => void undo(pair, merge)}>{t('common.undo')}</Button>;
      notification.success({ key, title: t('panel.did_merge'), duration: 12, actions });
    });
  return (
    <>
      <div className="row spread">
        <h1>{t('panel.duplicates')}</h1>
        <Segmented
          aria-label={t('common.state')}
          value={state}
          options={STATES.map((it) => ({ value: it, label: t(`panel.pairs_${it}`) }))}
          onChange={(it) => change({ state: it === 'open' ? undefined : it })}
        />
      </div>
      <Loaded query={list} empty={(it) => it.items.length === 0} emptyText={t(`panel.no_pairs_${state}`)}>
        {({ items }) => (
          <div className="stack">
            {items.map((pair) => (
              <PairPanel
                key={pair.id}
                pair={pair}
                decide={(it) => void told(pair, it)}
                undo={() => void undo(pair)}
              />
            ))}
          </div>
        )}
      </Loaded>
    </>
  );
}
