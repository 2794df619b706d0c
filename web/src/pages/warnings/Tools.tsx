/** What can be done with the selected warnings. */
import { Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { useMay } from '@/api/me';
import type { Warned } from '@/api/warnings';
import type { Deeds } from './deeds';

interface Props {
  ids: string[];
  warnings: Warned[];
  deeds: Deeds;
  clear: () => void;
}

export function Tools({ ids, warnings, deeds, clear }: Props) {
  const { t } = useTranslation();
  const may = useMay();
  const [asking, setAsking] = useState<'assign' | 'suppress'>();
  const none = ids.length === 0;
  const hold = warnings.some((it) => it.state === 'acknowledged');
  return (
    <div className="row tools no-print">
      <span className="quiet tab" aria-live="polite">
        {none ? t('warnings.hint') : t('warnings.selected', { n: ids.length })}
      </span>
      {may('warnings:acknowledge') ? (
        <Button
          type="primary"
          disabled={none}
          loading={deeds.isRunning}
          onClick={() => void deeds.run({ ids, action: hold ? 'reopen' : 'acknowledge' }, warnings)}
        >
          {hold ? t('warnings.reopen') : t('warnings.acknowledge')}
        </Button>
      ) : null}
      {may('warnings:manage') ? (
        <>
          <Button disabled={none} onClick={() => setAsking('assign')}>
            {t('warnings.assign')}
          </Button>
          <Button disabled={none} onClick={() => setAsking('suppress')}>
            {t('warnings.suppress')}
          </Button>
        </>
      ) : null}
      {none ? null : (
        <Button type="text" onClick={clear}>
          {t('common.clear')}
        </Button>
      )}
      <Ask kind={asking} ids={ids} warnings={warnings} deeds={deeds} close={() => setAsking(undefined)} />
    </div>
  );
}

interface AskProps {
  kind?: 'assign' | 'suppress';
  ids: string[];
  warnings: Warned[];
  deeds: Deeds;
  close: () => void;
}

function Ask({ kind, ids, warnings, deeds, close }: AskProps) {
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
