/** Fields in a dialog: what is typed stays until the server took it; what it refused stands below. */
import { Alert, Form, Modal, Typography } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { useSaving } from './useSaving';

interface Props<Fields, Made> {
  title: string;
  okText: string;
  initial?: Partial<Fields>;
  /** First words of the queries that see something else afterwards. */
  changes: string[];
  done?: string;
  send: (fields: Fields) => Promise<Made>;
  close: (made?: Made) => void;
  /** What is told this once, as a secret: the dialog shows it before it closes. */
  once?: { title: string; of: (made: Made) => string };
  /** Above the fields. */
  lead?: ReactNode;
  children: ReactNode;
}

export function FormDialog<Fields, Made = unknown>(props: Props<Fields, Made>) {
  const { title, okText, initial, changes, done, send, close, once, lead, children } = props;
  const { t } = useTranslation();
  const [form] = Form.useForm<Fields>();
  const [secret, setSecret] = useState<string>();
  const saving = useSaving({ changes, done, isInPlace: true });
  const submit = async (fields: Fields) => {
    const made = await saving.run(async () => ({ it: await send(fields) }));
    if (!made) return;
    if (once) setSecret(once.of(made.it));
    else close(made.it);
  };
  return (
    <Modal
      open
      title={title}
      okText={secret ? t('common.close') : okText}
      okButtonProps={{ loading: saving.isRunning }}
      cancelButtonProps={secret ? { style: { display: 'none' } } : undefined}
      onOk={() => (secret ? close() : form.submit())}
      onCancel={() => close()}
    >
      {once && secret ? (
        <Alert
          type="success"
          title={once.title}
          description={<Typography.Text copyable>{secret}</Typography.Text>}
        />
      ) : (
        <>
          {lead ? <div className="dialog-lead">{lead}</div> : null}
          <Form
            form={form}
            layout="vertical"
            initialValues={initial as Record<string, unknown> | undefined}
            onFinish={(it) => void submit(it)}
          >
            {children}
          </Form>
        </>
      )}
      {saving.failure ? <Alert type="error" title={saving.failure} showIcon /> : null}
    </Modal>
  );
}
