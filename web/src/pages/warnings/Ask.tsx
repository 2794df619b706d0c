/** Who takes the selected warnings over, or until when and why they are held back. */
import { Form, Input, Modal } from 'antd';
import { useTranslation } from '@/i18n/useTranslation';
import type { Warned } from '@/api/warnings';
import type { Deeds } from './deeds';

interface Props {
  kind?: 'assign' | 'suppress';
  ids: string[];
  warnings: Warned[];
  deeds: Deeds;
  close: () => void;
}

export default function Ask({ kind, ids, warnings, deeds, close }: Props) {
  const { t } = useTranslation();
  const [form] = Form.useForm<{ assignee?: string; until?: string; reason?: string }>();
  const send = async () => {
    const it = await form.validateFields();
    if (!kind) return;
    close();
    await deeds.run({ ids, action: kind, ...it }, warnings);
  };
  return (
    <Modal
      open={kind !== undefined}
      title={kind ? t(`warnings.${kind}`) : ''}
      okText={t('common.save')}
      onOk={() => void send()}
      onCancel={close}
      destroyOnHidden
    >
      <Form form={form} layout="vertical" preserve={false}>
        {kind === 'assign' ? (
          <Form.Item name="assignee" label={t('warnings.assignee')} rules={[{ required: true }]}>
            <Input autoFocus />
          </Form.Item>
        ) : (
          <>
            <Form.Item name="until" label={t('warnings.until')} rules={[{ required: true }]}>
              <Input type="date" />
            </Form.Item>
            <Form.Item name="reason" label={t('common.reason')} rules={[{ required: true }]}>
              <Input.TextArea rows={2} maxLength={500} />
            </Form.Item>
          </>
        )}
      </Form>
    </Modal>
  );
}
