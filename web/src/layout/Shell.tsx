/** One bar on top, the words on the left, three tabs below on a phone. */
import { Outlet, useSearch } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { KeptAddress, type Address } from '@/address';
import { Bar } from './Bar';
import { Keys } from './Keys';
import { MomentNote } from './MomentNote';
import { Nav, Tabs } from './Nav';
import { useReady } from './useReady';
import { useLive } from '@/api/live';
import { Sender } from '@/offline/Sender';

const keptOf = ({ area, period, as_of }: Address) => ({ area, period, as_of });

export function Shell() {
  const { t } = useTranslation();
  const [keysOpen, setKeysOpen] = useState(false);
  useLive();
  useReady();
  return (
    <WithKept>
      <div className="shell">
        <a className="skip" href="#content">
          {t('common.skip')}
        </a>
        <Bar onKeys={() => setKeysOpen(true)} />
        <Nav />
        <main id="content" tabIndex={-1}>
          <MomentNote />
          <Outlet />
        </main>
        <Tabs />
        <Sender />
        <Keys open={keysOpen} setOpen={setKeysOpen} />
      </div>
    </WithKept>
  );
}

/** Nothing is drawn again when a page filters, and of another area or period only who asks for them. */
function WithKept({ children }: { children: ReactNode }) {
  const kept = useSearch({ strict: false, select: keptOf, structuralSharing: true });
  return <KeptAddress value={kept}>{children}</KeptAddress>;
}
