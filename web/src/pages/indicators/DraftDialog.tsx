/** A draft needs a name that no other version has, and says why it is wanted. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { draft, versions, type Change, type Policy } from '@/api/policy';
import { oneLine } from '@/components/Failure';
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
  const { notification } = App.useApp();
  const queries = useQueryClient();
  const all = useQuery({ queryKey: ['policy', 'versions'], queryFn: versions });
  const [form] = Form.useForm<Wanted>();
  const [failure, setFailure] = useState<string>();
  const send = async (it: Wanted) => {
    try {
      await draft({ base: policy.hash, changes: moved, ...it });
      await queries.invalidateQueries({ queryKey: ['policy', 'versions'] });
      notification.success({ title: t('policy.draft_saved') });
      close();
    } catch (error) {
      setFailure(oneLine(error));
    }
  };
  if (!all.data) return null;
  const version = next(policy.version, all.data.items.map((it) => it.version));
  return (
    <Modal open title={t('policy.save_draft')} okText={t('common.save')} onOk={() => form.submit()} onCancel={close}>
      <Made policy={policy} made={moved} />
      <Form
        form={form}
        layout="vertical"
        style={{ marginTop: 8 }}
        initialValues={{ version }}
        onFinish={(it) => void send(it)}
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
      </Form>
      {failure ? <Alert type="error" title={failure} showIcon /> : null}
    </Modal>
  );
}
