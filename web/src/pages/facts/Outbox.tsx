/** What is not sent yet; where the server knows something newer, both values. */
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { oneLine } from '@/components/Failure';
import { useFormat } from '@/i18n/format';
import type { useQueue } from '@/offline/useQueue';

interface Props {
  queue: ReturnType<typeof useQueue>;
  isOnline: boolean;
}

export function Outbox({ queue, isOnline }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const { message } = App.useApp();
  if (queue.waiting.length === 0) return null;
  const tell = async (work: Promise<{ sent: number; refused: string[] } | undefined>) => {
    try {
      const it = await work;
      if (it?.refused.length) message.error(it.refused.join('; '));
      else if (it?.sent) message.success(t('visit.sent', { n: it.sent }));
    } catch (error) {
      message.error(oneLine(error));
    }
  };
  return (
    <section className="panel outbox">
      <header>
        <h2>{t('visit.outbox', { n: queue.waiting.length })}</h2>
        <Button type="primary" disabled={!isOnline} onClick={() => void tell(queue.send())}>
          {t('common.send')}
        </Button>
      </header>
      <ul>
        {queue.waiting.map((it) => {
          const conflict = queue.conflicts.find((other) => other.entry.id === it.id);
          return (
            <li key={it.id} className={conflict ? 'conflict' : undefined}>
              <span>
                <b>{it.household}</b> {it.label}: {it.value}{' '}
                <span className="quiet">{format.day(it.valid_from)}</span>
              </span>
              {conflict?.theirs ? (
                <div role="alert">
                  <p>
                    {t('visit.conflict', {
                      theirs: conflict.theirs.value,
                      source: conflict.theirs.source ?? t('common.unknown'),
                      when: format.day(conflict.theirs.valid_from),
                      mine: it.value,
                    })}
                  </p>
                  <Button size="small" onClick={() => void tell(queue.keepMine(conflict))}>
                    {t('visit.keep_mine')}
                  </Button>{' '}
                  <Button size="small" onClick={() => queue.drop(it.id)}>
                    {t('visit.keep_theirs')}
                  </Button>
                </div>
              ) : (
                <Button size="small" type="text" onClick={() => queue.drop(it.id)}>
                  {t('visit.drop')}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
