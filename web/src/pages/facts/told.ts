/** What the server says it did with facts, as a sentence. */
import type { TFunction } from 'i18next';
import type { Taken } from '@/api/client';

export function told(taken: Taken, t: TFunction): string {
  const parts = [t('facts.rescored', { n: taken.households })];
  for (const event of taken.events) {
    const key = `situation.event_${event.kind.replaceAll('.', '_')}`;
    const body = event.body as { band?: string };
    parts.push(`${t(key)} ${event.household_id ?? ''} ${body.band ? t(`band.${body.band}`) : ''}`.trim());
  }
  return parts.join(' · ');
}
