/** The words of the sentence, as far as they exist and the role goes. */
import {
  AppstoreOutlined,
  AuditOutlined,
  BellOutlined,
  DashboardOutlined,
  FormOutlined,
  FunctionOutlined,
  SettingOutlined,
  SearchOutlined,
  UnorderedListOutlined,
} from '@ant-design/icons';
import { useLocation } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { useMay } from '@/api/me';
import { Link } from '@/components/Link';

interface Place {
  to: string;
  word: string;
  icon: ReactNode;
  action: string;
  exact?: boolean;
}

const PLACES: Place[] = [
  { to: '/', word: 'situation', icon: <DashboardOutlined />, action: 'counts:read', exact: true },
  { to: '/facts', word: 'facts', icon: <FormOutlined />, action: 'facts:write' },
  { to: '/panel', word: 'panel', icon: <AppstoreOutlined />, action: 'households:read' },
  { to: '/indicators', word: 'indicators', icon: <FunctionOutlined />, action: 'policy:read' },
  { to: '/scores', word: 'scores', icon: <AuditOutlined />, action: 'households:read' },
  { to: '/warnings', word: 'warnings', icon: <BellOutlined />, action: 'households:read' },
  { to: '/admin', word: 'admin', icon: <SettingOutlined />, action: 'users:manage' },
];

export function Nav() {
  const { t } = useTranslation();
  return (
    <nav className="nav no-print" aria-label={t('nav.main')}>
      <Places places={PLACES} />
    </nav>
  );
}

const TABS: Place[] = [
  { to: '/mine', word: 'mine', icon: <UnorderedListOutlined />, action: 'households:read' },
  { to: '/search', word: 'search', icon: <SearchOutlined />, action: 'households:read' },
  { to: '/facts/visit', word: 'visit', icon: <FormOutlined />, action: 'facts:write' },
  { to: '/', word: 'situation', icon: <DashboardOutlined />, action: 'counts:read', exact: true },
  { to: '/admin', word: 'admin', icon: <SettingOutlined />, action: 'users:manage' },
];

/** On a phone: what one does in a village. */
export function Tabs() {
  const { t } = useTranslation();
  return (
    <nav className="tabs no-print" aria-label={t('nav.main')}>
      <Places places={TABS} />
    </nav>
  );
}

function Places({ places }: { places: Place[] }) {
  const { t } = useTranslation();
  const may = useMay();
  const path = useLocation({ select: (it) => it.pathname });
  const isHere = ({ to, exact }: Place) => path === to || (!exact && path.startsWith(`${to}/`));
  return places
    .filter((it) => may(it.action))
    .map((it) => (
      <Link key={it.to} to={it.to} className={isHere(it) ? 'active' : undefined} aria-current={isHere(it) ? 'page' : undefined}>
        {it.icon}
        <span>{it.word === 'search' ? t('common.search') : t(`nav.${it.word}`)}</span>
      </Link>
    ));
}
