/** Asks for the reason that is kept with who looked and when. */
import { Form, Input } from 'antd';
import { unmask } from '@/api/people';
import type { Sealed } from '@/api/types';
import { FormDialog } from '@/components/FormDialog';
import { useTranslation } from '@/i18n/useTranslation';

interface Props {
  id: string;
  fields: string[];
  close: (shown?: Sealed[]) => void;
}

export function Unmask({ id, fields, close }: Props) {
  const { t } = useTranslation();
  return (
    <FormDialog<{ reason: string }, Sealed[]>
      title={t('person.show')}
      okText={t('person.show_now')}
      changes={[]}
      lead={<p className="quiet">{t('person.logged')}</p>}
      send={async ({ reason }) => (await unmask(id, reason.replaceAll('\n', ' ').trim(), fields)).fields}
      close={close}
    >
      <Form.Item
        name="reason"
        label={t('common.reason')}
        rules={[{ required: true, whitespace: true, min: 5, message: t('person.reason_short') }]}
      >
        <Input.TextArea rows={2} maxLength={200} autoFocus />
      </Form.Item>
    </FormDialog>
  );
}
