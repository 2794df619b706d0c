/** An indicator as a person would explain it, with today's households under the curve. */
import { useTranslation } from '@/i18n/useTranslation';
import { useIndicator, type Change, type Indicator } from '@/api/policy';
import { Loaded } from '@/components/Loaded';
import { useFormat } from '@/i18n/format';
import { Curve } from './Curve';
import { Mover } from './Mover';

interface Props {
  id: string;
  moved: Change[];
  move?: (one: Change, now?: number | null) => void;
}

const ANCHORS = ['none', 'yellow', 'orange', 'red', 'full'];

export function IndicatorView({ id, moved, move }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const weightOf = (it: Indicator) =>
    moved.find((m) => m.kind === 'weight' && m.id === id)?.value ?? it.weight;
  const anchorOf = (key: string, now: number) =>
    moved.find((m) => m.kind === 'anchor' && m.id === id && m.key === key)?.value ?? now;
  return (
    <section className="panel indicator">
      <Loaded query={useIndicator(id)} lines={8}>
        {(it) => (
          <>
            <header>
              <h2>{format.pick(it.label) || id}</h2>
              {it.proposal ? <span className="mark-tag">{t('policy.proposal')}</span> : null}
            </header>
            {it.sentence ? <p className="lead">{format.pick(it.sentence)}</p> : null}
            {it.distribution_state === 'reading' ? (
              <p className="quiet">{t('policy.reading')}</p>
            ) : null}
            <Curve it={it} label={format.pick(it.label) || id} anchorOf={anchorOf} />
            {it.anchors
              ? ANCHORS.filter((key) => typeof it.anchors?.[key] === 'number').map((key) => {
                  const now = it.anchors?.[key] ?? 0;
                  return (
                    <Mover
                      key={key}
                      label={t(`policy.anchor_${key}`)}
                      unit={it.unit}
                      now={now}
                      value={anchorOf(key, now)}
                      move={
                        move ? (value) => move({ kind: 'anchor', id, key, value }, now) : undefined
                      }
                    />
                  );
                })
              : null}
            {it.weight != null ? (
              <Mover
                label={t('policy.weight')}
                now={it.weight}
                value={weightOf(it)}
                move={
                  move
                    ? (value) => move({ kind: 'weight', id, key: 'indicator', value }, it.weight)
                    : undefined
                }
              />
            ) : null}
            <dl className="facts-of">
              {it.formula ? (
                <>
                  <dt>{t('policy.formula')}</dt>
                  <dd>
                    <code>{it.formula}</code>
                  </dd>
                </>
              ) : null}
              {it.applies ? (
                <>
                  <dt>{t('policy.applies')}</dt>
                  <dd>
                    <code>{it.applies}</code>
                  </dd>
                </>
              ) : null}
              {it.reference?.length ? (
                <>
                  <dt>{t('policy.reference')}</dt>
                  <dd>
                    {it.reference.map((r) => (
                      <span key={r.title} className="reference">
                        {r.title}
                        {r.href ? <span className="quiet"> · {r.href}</span> : null}
                      </span>
                    ))}
                  </dd>
                </>
              ) : null}
            </dl>
          </>
        )}
      </Loaded>
    </section>
  );
}
