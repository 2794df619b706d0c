/** The edges of the bands, the parameters with their units, the weights of modules. */
import { useTranslation } from '@/i18n/useTranslation';
import type { Change, Policy } from '@/api/policy';
import { BandChip } from '@/components/BandChip';
import { Later } from '@/components/Later';
import { useFormat } from '@/i18n/format';
import { Mover } from './Mover';

interface Props {
  policy: Policy;
  moved: Change[];
  move?: (one: Change, now?: number | null) => void;
}

export function Lines({ policy, moved, move }: Props) {
  const { t } = useTranslation();
  const { pick } = useFormat();
  const of = (kind: Change['kind'], id: string, now: number) =>
    moved.find((it) => it.kind === kind && it.id === id)?.value ?? now;
  const edges = policy.bands.filter((it) => it.edge != null);
  return (
    <section className="panel">
      <header>
        <h2>{t('policy.lines')}</h2>
      </header>
      <p className="quiet">{t('policy.lines_hint')}</p>
      {edges.map((it) => (
        <div key={it.band} className="edge">
          <BandChip band={it.band} />
          <Mover
            label={t('policy.edge', { band: t(`band.${it.band}`) })}
            now={it.edge}
            value={of('edge', it.band, it.edge)}
            move={move ? (value) => move({ kind: 'edge', id: it.band, value }, it.edge) : undefined}
          />
        </div>
      ))}
      {/* Thirty sliders: those that no screen shows at once come after the others were painted. */}
      <Later height={900} isBare>
        <h2 style={{ marginTop: 14 }}>{t('policy.parameters')}</h2>
        {policy.parameters.map((it) =>
          it.value == null ? null : (
            <Mover
              key={it.id}
              label={pick(it.label) || it.id}
              unit={it.unit}
              now={it.value}
              value={of('parameter', it.id, it.value)}
              move={
                move ? (value) => move({ kind: 'parameter', id: it.id, value }, it.value) : undefined
              }
            />
          ),
        )}
        <h2 style={{ marginTop: 14 }}>{t('policy.weights')}</h2>
        {policy.modules.flatMap((module) =>
          module.dimensions.map((it) =>
            it.weight > 0 ? (
              <Mover
                key={it.id}
                label={`${pick(module.label)} › ${pick(it.label) || it.id}`}
                now={it.weight}
                value={of('weight', it.id, it.weight)}
                move={
                  move
                    ? (value) => move({ kind: 'weight', id: it.id, key: 'dimension', value }, it.weight)
                    : undefined
                }
              />
            ) : null,
          ),
        )}
      </Later>
    </section>
  );
}
