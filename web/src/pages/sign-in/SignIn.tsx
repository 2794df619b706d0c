import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { http, Problem } from '@/api/http';
import { Toggles } from '@/layout/Toggles';
import './sign-in.css';

interface Provider {
  id?: string;
  name?: string;
  label?: string;
}

export default function SignIn() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [failure, setFailure] = useState<string>();
  const [isSending, setSending] = useState(false);
  const providers = useQuery({
    queryKey: ['providers'],
    queryFn: () => http.get<{ items: Provider[] }>('/sign-in/providers'),
    retry: false,
  });
  const send = async (it: { name: string; password: string }) => {
    setSending(true);
    try {
      await http.post('/sign-in', it);
      await queries.resetQueries({ queryKey: ['me'] });
    } catch (error) {
      const known = error instanceof Problem && error.status === 401;
      setFailure(known ? `${t('sign_in.wrong')}. ${t('sign_in.locked')}` : String(error));
    }
    setSending(false);
  };
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <header className="row spread">
          <h1>
            <img src="/icon.svg" alt="" width={28} height={28} /> Holdfast
          </h1>
          <Toggles />
        </header>
        <p className="quiet">{t('sign_in.lead')}</p>
        <Form layout="vertical" size="large" requiredMark={false} onFinish={send}>
          <Form.Item name="name" label={t('sign_in.name')} rules={[{ required: true }]}>
            <Input autoFocus autoComplete="username" />
          </Form.Item>
          <Form.Item name="password" label={t('sign_in.password')} rules={[{ required: true }]}>
            <Input.Password autoComplete="current-password" />
          </Form.Item>
          {failure ? <p role="alert" className="refusal">{failure}</p> : null}
          <Button block type="primary" htmlType="submit" loading={isSending}>
            {t('sign_in.go')}
          </Button>
        </Form>
        {providers.data?.items?.map((it) => {
          const id = it.id ?? it.name ?? '';
          return (
            <Button block key={id} size="large" href={`/api/v1/sign-in/oidc/${id}`}>
              {t('sign_in.with', { name: it.label ?? it.name ?? id })}
            </Button>
          );
        })}
        <p className="quiet">{t('sign_in.forgot')}</p>
      </div>
    </main>
  );
}
