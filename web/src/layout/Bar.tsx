/** Where, when, as known when; search; language, theme, who. */
import { UserOutlined, WifiOutlined } from '@ant-design/icons';
import { lazy, Suspense, useState } from 'react';
import { Link } from '@/components/Link';
import { MenuButton } from '@/components/MenuButton';
import { useOnceOpen } from '@/components/useOnceOpen';
import { useTranslation } from '@/i18n/useTranslation';
import { useAbout } from '@/api/about';
import { useIsConnected } from '@/api/live';
import { useMe, useSignOut } from '@/api/me';
import { AreaPath } from './AreaPath';
import { Search } from './Search';
import { Toggles } from './Toggles';
import { When } from './When';

const PasswordDialog = lazy(() => import('@/pages/sign-in/PasswordDialog'));

export function Bar({ onKeys }: { onKeys: () => void }) {
  const { t } = useTranslation();
  const about = useAbout();
  const me = useMe().data;
  const signOut = useSignOut();
  const isConnected = useIsConnected();
  const [changing, setChanging] = useState(false);
  const isThere = useOnceOpen(changing);
  const items = [
    { key: 'role', label: t(`role.${me?.role ?? 'officer'}`), disabled: true },
    { key: 'keys', label: `${t('bar.keys')} ?`, onClick: onKeys },
    { key: 'password', label: t('bar.password'), onClick: () => setChanging(true) },
    { key: 'out', label: t('bar.sign_out'), onClick: () => void signOut() },
  ];
  return (
    <header className="bar">
      <Link to="/" className="mark" aria-label={`Holdfast – ${t('nav.situation')}`}>
        <img src="/icon.svg" alt="" width={22} height={22} />
        <b>Holdfast</b>
      </Link>
      <AreaPath />
      <When />
      {isConnected ? <WifiOutlined className="live-dot" title={t('situation.live')} /> : null}
      {about.isSimulated ? (
        <span className="simulated" role="note">
          {t('common.simulated_long')}
        </span>
      ) : null}
      <Search />
      <span className="no-print row">
        <Toggles />
        <MenuButton items={items}>
          <button type="button" className="who" aria-label={`${me?.name ?? ''}: ${t('bar.me')}`}>
            <UserOutlined /> <span>{me?.name}</span>
          </button>
        </MenuButton>
      </span>
      {isThere ? (
        <Suspense>
          <PasswordDialog open={changing} close={() => setChanging(false)} />
        </Suspense>
      ) : null}
    </header>
  );
}
