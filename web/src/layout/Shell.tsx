/** One bar on top, the words on the left, three tabs below on a phone. */
import { Outlet } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAbout } from '@/api/about';
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
  return (
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
  );
}
