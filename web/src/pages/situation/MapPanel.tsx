/** The map with the switch of what it shows. */
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { memo, useMemo } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { useAddress, useAddressPart, useChange } from '@/address';
import { askSituation } from '@/api/ahead';
import { useArea, useBoundaries, useOutermost } from '@/api/areas';
import { usePolicy } from '@/api/policy';
import { useChildren } from '@/api/situation';
import type { Boundaries } from '@/api/types';
import { Chosen } from '@/components/Chosen';
import { Loaded } from '@/components/Loaded';
import { useFormat } from '@/i18n/format';
import { AreaMap } from './AreaMap';
import { Legend } from './Legend';
import { FIXED, measureOf, rangeOf } from './measures';

const NONE: Boundaries = { type: 'FeatureCollection', features: [] };

export const MapPanel = memo(function MapPanel() {
  const { t } = useTranslation();
  const [address, change] = useAddress();
  const router = useRouter();
  const queries = useQueryClient();
  const area = useOutermost(address.area);
  const children = useChildren(area, address.period);
  const here = useArea(area ?? undefined).data;
  const boundaries = useBoundaries(area).data ?? NONE;
  const around = useAround(area, here?.parent);
  const measure = measureOf(address.measure);
  const range = rangeOf((children.data?.items ?? []).map(measure.of), measure.isShare);
  const open = (code: string) => {
    const isLeaf = children.data?.items.length && here && here.has_children === false;
    if (isLeaf) return;
    change({ area: code });
  };
  const href = (code: string) =>
    router.buildLocation({ to: '/', search: { ...address, area: code } as never }).href;
  // A page that is open already asks nothing of its own for another address.
  const near = (code: string) => askSituation(queries, { ...address, area: code });
  return (
    <section className="panel map-panel">
      <header>
        <h2>{t('situation.map')}</h2>
        <span className="row">
          <Legend measure={measure} range={range} />
          <MeasureChoice />
        </span>
      </header>
      <Loaded query={children} empty={(it) => it.items.length === 0} emptyText={<Leaf />} lines={10}>
        {(it) => (
          <AreaMap
            areas={it.items}
            boundaries={boundaries}
            around={around}
            measure={measure}
            range={range}
            href={href}
            onPick={open}
            onNear={near}
          />
        )}
      </Loaded>
    </section>
  );
});

/** Knows nothing of areas: into another one it is not drawn again. */
const MeasureChoice = memo(function MeasureChoice() {
  const { t } = useTranslation();
  const { pick } = useFormat();
  const period = useAddressPart('period');
  const measure = measureOf(useAddressPart('measure'));
  const change = useChange();
  const modules = usePolicy().data?.modules ?? [];
  const options = [
    // Nothing of the past is overdue now.
    ...FIXED.filter((it) => it.id !== 'overdue' || !period).map((it) => ({ value: it.id, label: t(`situation.measure_${it.id}`) })),
    ...modules.map((it) => ({ value: `module.${it.id}`, label: pick(it.label) })),
  ];
  return (
    <Chosen
      value={measure.id}
      options={options}
      change={(it) => change({ measure: it === 'warned' ? undefined : it }, true)}
      label={t('situation.measure')}
    />
  );
});

/** The boundary of the area itself, among those of its parent. */
function useAround(area: string | null | undefined, parent: string | null | undefined) {
  const above = useBoundaries(parent).data;
  return useMemo(() => {
    const features = above?.features.filter((it) => it.properties.code === area) ?? [];
    return features.length ? { ...NONE, features } : undefined;
  }, [above, area]);
}

function Leaf() {
  const { t } = useTranslation();
  return <>{t('situation.no_deeper')}</>;
}
