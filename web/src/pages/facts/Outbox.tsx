/** What is not sent yet; where the server knows something newer, both values. */
import { App, Button } from 'antd';
import { useTranslation } from '@/i18n/useTranslation';
import { oneLine } from '@/components/Failure';
import { useFormat } from '@/i18n/format';
import type { Judged, Waiting } from '@/offline/queue';
import type { Sent, useQueue } from '@/offline/useQueue';

interface Props {
  queue: ReturnType<typeof useQueue>;
  isOnline: boolean;
}

export function Outbox({ queue, isOnline }: Props) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  if (queue.waiting.length === 0) return null;
  const tell = async (work: Promise<Sent>) => {
    try {
      const { sent } = await work;
      if (sent) message.success(t('visit.sent', { n: sent }));
    } catch (error) {
      message.error(oneLine(error));
    }
  };
  return (
    <section className="panel outbox">
      <header>
        <h2>{t('visit.outbox', { n: queue.waiting.length })}</h2>
        <Button type="primary" disabled={!isOnline} onClick={() => void tell(queue.send())}>
          {t('visit.send_now')}
        </Button>
      </header>
      <ul>
        {queue.waiting.map((it) => {
          const conflict = queue.conflicts.find((other) => other.entry.id === it.id);
          return (
            <li key={it.id} className={conflict ? 'conflict' : undefined}>
              <Line it={it} />
              {conflict ? (
                <Conflict it={conflict} mine={() => void tell(queue.keepMine(conflict, t('visit.kept_mine')))} theirs={() => queue.drop(it.id)} />
              ) : (
                <Button size="small" onClick={() => queue.drop(it.id)} aria-label={`${t('visit.drop')}: ${it.label}`}>
                  {t('visit.drop')}
                </Button>
              )}
              {queue.refused[it.id] ? <p role="alert" className="refused">{queue.refused[it.id]}</p> : null}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Line({ it }: { it: Waiting }) {
  const format = useFormat();
  return (
    <span>
      <b>{it.household}</b> {it.label}: <b>{it.shown ?? it.value}</b>{' '}
      <span className="quiet">{format.day(it.valid_from)}</span>
    </span>
  );
}

interface Choice {
  it: Judged;
  mine: () => void;
  theirs: () => void;
}

/** Both values beside each other; nothing is overwritten before a person has chosen. */
function Conflict({ it: { entry, theirs: other }, mine, theirs }: Choice) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!other) return null;
  return (
    <div role="alert" className="both">
      <p>{t('visit.conflict')}</p>
      <div className="sides">
        <div>
          <span className="quiet">{t('visit.yours')}</span>
          <b>{entry.shown ?? entry.value}</b>
          <span className="quiet">{format.day(entry.valid_from)}</span>
          <Button onClick={mine}>{t('visit.keep_mine')}</Button>
        </div>
        <div>
          <span className="quiet">{t('visit.theirs')}</span>
          <b>{format.pick(other.shown) || other.value}</b>
          <span className="quiet">
            {[format.day(other.valid_from), other.source].filter(Boolean).join(' · ')}
          </span>
          <Button onClick={theirs}>{t('visit.keep_theirs')}</Button>
        </div>
      </div>
    </div>
  );
}
