/** A draft needs a name that no other version has, and says why it is wanted. */
import { useQuery } from '@tanstack/react-query';
import { Form, Input } from 'antd';
import { draft, versions, type Change, type Policy } from '@/api/policy';
import { FormDialog } from '@/components/FormDialog';
import { useTranslation } from '@/i18n/useTranslation';
import { Made } from './Made';
import { next } from './next';

interface Props {
  policy: Policy;
  moved: Change[];
  close: () => void;
}

interface Wanted {
  version: string;
  note?: string;
}

export function DraftDialog({ policy, moved, close }: Props) {
  const { t } = useTranslation();
  const all = useQuery({ queryKey: ['policy', 'versions'], queryFn: versions });
  if (!all.data) return null;
  const version = next(policy.version, all.data.items.map((it) => it.version));
  return (
    <FormDialog<Wanted>
      title={t('policy.save_draft')}
      okText={t('common.save')}
      initial={{ version }}
      changes={['policy']}
      done={t('policy.draft_saved')}
      lead={<Made policy={policy} made={moved} />}
      send={(it) => draft({ base: policy.hash, changes: moved, ...it })}
      close={() => close()}
    >
      <Form.Item
        name="version"
        label={t('policy.version')}
        rules={[{ required: true, pattern: /^[0-9A-Za-z._-]{1,32}$/, message: t('policy.version_hint') }]}
      >
        <Input maxLength={32} />
      </Form.Item>
      <Form.Item name="note" label={t('policy.why')}>
        <Input.TextArea rows={2} maxLength={500} />
      </Form.Item>
    </FormDialog>
  );
}
