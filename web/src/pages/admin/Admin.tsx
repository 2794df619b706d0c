/** Users, tokens, the audit, jobs, webhooks. */
import { Tabs } from 'antd';
import { useTranslation } from '@/i18n/useTranslation';
import { useAddress } from '@/address';
import { useMay } from '@/api/me';
import { JobList } from '../facts/imports/JobList';
import { Audit } from './Audit';
import { Tokens } from './Tokens';
import { Users } from './Users';
import { Webhooks } from './Webhooks';

export default function Admin() {
  const { t } = useTranslation();
  const may = useMay();
  const [address, change] = useAddress();
  // Jobs are files that come in: of an administrator those of areas.
  const mayJobs = may('imports:write') || may('areas:manage');
  const items = [
    { key: 'users', label: t('admin.users'), children: <Users />, on: may('users:manage') },
    { key: 'tokens', label: t('admin.tokens'), children: <Tokens />, on: may('users:manage') },
    { key: 'audit', label: t('admin.audit'), children: <Audit />, on: may('audit:read') },
    { key: 'webhooks', label: t('admin.webhooks'), children: <Webhooks />, on: may('webhooks:manage') },
    { key: 'jobs', label: t('imports.jobs'), children: <JobList />, on: mayJobs },
  ].filter((it) => it.on);
  return (
    <>
      <h1>{t('nav.admin')}</h1>
      <Tabs
        activeKey={address.tab ?? 'users'}
        onChange={(tab) => change({ tab })}
        destroyOnHidden
        items={items}
      />
    </>
  );
}
