/** From which day, and why: what the second person reads. */
import { Form, Input } from 'antd';
import { propose, type Version } from '@/api/policy';
import { FormDialog } from '@/components/FormDialog';
import { useTranslation } from '@/i18n/useTranslation';

interface Wanted {
  from: string;
  note?: string;
}

export function ProposeDialog({ it, close }: { it: Version; close: () => void }) {
  const { t } = useTranslation();
  return (
    <FormDialog<Wanted>
      title={t('policy.propose_version', { version: it.version })}
      okText={t('policy.propose')}
      changes={['policy']}
      send={({ from, note }) => propose(it.hash, from, note)}
      close={() => close()}
    >
      <Form.Item name="from" label={t('policy.from_day')} extra={t('policy.from_hint')} rules={[{ required: true, message: t('visit.needs_day') }]}>
        <Input type="date" />
      </Form.Item>
      <Form.Item name="note" label={t('policy.why')}>
        <Input.TextArea rows={2} maxLength={500} />
      </Form.Item>
    </FormDialog>
  );
}
