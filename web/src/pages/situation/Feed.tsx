/** What happens now, newest on top; it stands still under the pointer. */
import { useState } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { useEvents, useIsConnected } from '@/api/live';
import type { LiveEvent } from '@/api/client';
import { useMay } from '@/api/me';
import { useKeptAddress } from '@/address';
import { useNewest } from '@/api/warnings';
import { BandChip } from '@/components/BandChip';
import { AreaName } from '@/components/AreaName';
import { Link } from '@/components/Link';
import { Loaded } from '@/components/Loaded';
import { useFormat } from '@/i18n/format';
import { useSentence } from '../warnings/sentence';

export function Feed() {
  const { t } = useTranslation();
  const live = useEvents();
  const isConnected = useIsConnected();
  const { area } = useKeptAddress();
  const [frozen, setFrozen] = useState<LiveEvent[]>();
  const may = useMay()('households:read');
  if (!may) return null;
  const shown = (frozen ?? live).filter((it) => !area || it.area_code?.startsWith(area)).slice(0, 14);
  return (
    <section
      className="panel feed"
      onMouseEnter={() => setFrozen(live)}
      onMouseLeave={() => setFrozen(undefined)}
    >
      <header>
        <h2>{t('situation.feed')}</h2>
        <span className="quiet">
          {frozen && live[0] !== frozen[0] ? t('situation.paused') : null}{' '}
          <span className={isConnected ? 'dot on' : 'dot'} />
          {isConnected ? t('situation.connected') : t('situation.not_connected')}
        </span>
      </header>
      <ol aria-live="off">
        {shown.map((it) => (
          <Line key={it.number} event={it} />
        ))}
      </ol>
      {shown.length < 14 ? <Earlier room={14 - shown.length} area={area} /> : null}
    </section>
  );
}

function Line({ event }: { event: LiveEvent }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const sentence = useSentence();
  const body = event.body as { band?: string; urgency?: string; rules?: string[]; reasons?: string[] };
  const key = `situation.event_${event.kind.replaceAll('.', '_')}`;
  const what = i18n.exists(key) ? t(key) : event.kind;
  return (
    <li>
      <BandChip small band={body.urgency ?? body.band} />
      <span className="what" title={sentence(body, 3)}>
        <Link to="/households/$id" params={{ id: event.household_id ?? '' }}>
          {event.household_id}
        </Link>{' '}
        <AreaName code={event.area_code} /> · {what} {sentence(body, 1)}
      </span>
      <time dateTime={event.at} title={format.exact(event.at)} className="quiet">
        {format.ago(event.at)}
      </time>
    </li>
  );
}

/** Before anything new arrives: the warnings raised last. */
function Earlier({ room, area }: { room: number; area?: string }) {
  const format = useFormat();
  const sentence = useSentence();
  return (
    <Loaded query={useNewest(area)} empty={(it) => it.items.length === 0}>
      {(it) => (
        <ol>
          {it.items.slice(0, room).map((warning) => (
            <li key={warning.warning_id}>
              <BandChip small band={warning.urgency} />
              <span className="what" title={sentence(warning, 3)}>
                <Link to="/households/$id" params={{ id: warning.household_id }}>
                  {warning.household_id}
                </Link>{' '}
                <AreaName code={warning.area_code} /> · {sentence(warning, 1)}
              </span>
              <time className="quiet" title={format.exact(warning.raised_at)}>
                {format.period(warning.first_period, true)}
              </time>
            </li>
          ))}
        </ol>
      )}
    </Loaded>
  );
}
