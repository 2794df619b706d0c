/** The smallest single changes that leave the band; sliders that judge the household again. */
import { Button, Slider } from 'antd';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { useSliders, useTrial } from '@/api/household';
import type { Explanation, Slider as Range } from '@/api/types';
import { BandChip } from '@/components/BandChip';
import { Failure } from '@/components/Failure';
import { Later } from '@/components/Later';
import { Loaded } from '@/components/Loaded';
import { useFormat } from '@/i18n/format';
import { useUnit } from '@/i18n/unit';
import { useValue } from './value';

export function Help({ id, it, isPast }: { id: string; it: Explanation; isPast: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const value = useValue();
  return (
    <div className="stack">
      {it.ways_out.length === 0 ? <p className="quiet">{t('household.no_way')}</p> : null}
      <ul className="ways">
        {it.ways_out.slice(0, 4).map((way) => (
          <li key={`${way.indicator}-${way.attribute ?? ''}`}>
            <BandChip band={way.band_after} />
            <span>
              {format.pick(way.sentence) ||
                `${format.pick(way.label)}: ${value(way.from)} → ${value(way.to)}`}
            </span>
          </li>
        ))}
      </ul>
      {isPast ? <p className="quiet">{t('household.trial_present')}</p> : (
        <Later height={320} isBare>
          <Trial id={id} it={it} />
        </Later>
      )}
    </div>
  );
}

function Trial({ id, it }: { id: string; it: Explanation }) {
  const { t } = useTranslation();
  const format = useFormat();
  const sliders = useSliders(id);
  const [set, setSet] = useState<Record<string, number | null>>({});
  const asked = useDeferredValue(set);
  const trial = useTrial(id, asked);
  const after = Object.keys(set).length > 0 ? trial.data?.after : undefined;
  return (
    <Loaded query={sliders} empty={(them) => them.items.length === 0} emptyText={t('household.no_sliders')}>
      {(them) => (
        <div className="trial">
          <div className="row spread" aria-live="polite">
            <span className="row">
              <BandChip band={it.band} /> →{' '}
              <BandChip band={after?.band ?? it.band} />
              <b className="tab">{format.score(after?.composite ?? it.composite)}</b>
            </span>
            <Button size="small" disabled={!after} onClick={() => setSet({})}>
              {t('household.as_it_is')}
            </Button>
          </div>
          {trial.isError ? <Failure error={trial.error} /> : null}
          {them.items.slice(0, 8).map((range) => (
            <One
              key={range.attribute}
              range={range}
              value={range.attribute in set ? (set[range.attribute] ?? null) : (range.value ?? null)}
              change={(to) => setSet((before) => ({ ...before, [range.attribute]: to }))}
            />
          ))}
        </div>
      )}
    </Loaded>
  );
}

interface OneProps {
  range: Range;
  value: number | null;
  change: (to: number) => void;
}

function One({ range, value, change }: OneProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const unit = useUnit();
  const label = format.pick(range.label) || range.attribute;
  const moved = value !== range.value;
  return (
    <div className="one-slider">
      <span className="row spread">
        <span>{label}</span>
        <span className="tab">
          {moved ? <span className="quiet">{format.number(range.value)} → </span> : null}
          <b>{value == null ? t('common.unknown') : format.number(value)}</b>{' '}
          <span className="quiet">{unit(range.unit)}</span>
        </span>
      </span>
      <Slider
        min={range.min}
        max={range.max}
        step={range.step || 1}
        value={value ?? range.min}
        onChange={change}
        tooltip={{ open: false }}
        ariaLabelForHandle={label}
      />
    </div>
  );
}
