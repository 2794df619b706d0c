import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { http } from '@/api/http';
import { oneLine } from '@/components/Failure';
import './sign-in.css';

export default function Password({ must }: { must?: boolean }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [failure, setFailure] = useState<string>();
  const send = async (it: { old: string; new: string }) => {
    try {
      await http.post('/me/password', it);
      message.success(t('password.done'));
      await queries.resetQueries({ queryKey: ['me'] });
    } catch (error) {
      setFailure(oneLine(error));
    }
  };
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <h1>{t('password.title')}</h1>
        {must ? <p className="quiet">{t('password.must')}</p> : null}
        <Form layout="vertical" size="large" requiredMark={false} onFinish={send}>
          <Form.Item name="old" label={t('password.old')} rules={[{ required: true }]}>
            <Input.Password autoComplete="current-password" />
          </Form.Item>
          <Form.Item name="new" label={t('password.new')} rules={[{ required: true, min: 10 }]}>
            <Input.Password autoComplete="new-password" />
          </Form.Item>
          {failure ? <p role="alert" className="refusal">{failure}</p> : null}
          <Button block type="primary" htmlType="submit">
            {t('common.save')}
          </Button>
        </Form>
      </div>
    </main>
  );
}
