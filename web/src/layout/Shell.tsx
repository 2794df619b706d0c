/** One bar on top, the words on the left, three tabs below on a phone. */
import { Outlet, useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import type { Address } from '@/address';
import { useAbout } from '@/api/about';
import { KeptAddress } from '@/components/Link';
import { Bar } from './Bar';
import { Keys } from './Keys';
import { MomentNote } from './MomentNote';
import { Nav, Tabs } from './Nav';
import { useLive } from '@/api/live';
import { Sender } from '@/offline/Sender';

export function Shell() {
  const { t } = useTranslation();
  const about = useAbout();
  const [keysOpen, setKeysOpen] = useState(false);
  useLive();
  const { area, period, as_of } = useSearch({ strict: false }) as Address;
  const kept = useMemo(() => ({ area, period, as_of }), [area, period, as_of]);
  return (
    <KeptAddress value={kept}>
      <div className="shell">
        <a className="skip" href="#content">
          {t('common.skip')}
        </a>
        <Bar onKeys={() => setKeysOpen(true)} />
        <Nav />
        <main id="content" tabIndex={-1}>
          {about.isSimulated ? (
            <div className="simulated" role="note">
              {t('common.simulated_long')}
            </div>
          ) : null}
          <MomentNote />
          <Outlet />
        </main>
        <Tabs />
        <Sender />
        <Keys open={keysOpen} setOpen={setKeysOpen} />
      </div>
    </KeptAddress>
  );
}
