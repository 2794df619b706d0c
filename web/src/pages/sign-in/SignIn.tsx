import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Form, Input } from 'antd';
import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { http, Problem } from '@/api/http';
import { pick, type Label } from '@/i18n';
import { Toggles } from '@/layout/Toggles';
import './sign-in.css';

interface Provider {
  id: string;
  label: Label;
}

/** Why a sign-in elsewhere came to nothing: the code that the server sent the browser back with. */
function useProblem(): string | undefined {
  const { t, i18n } = useTranslation();
  const code = new URLSearchParams(location.search).get('problem');
  if (!code || !/^[A-Z]\d{3}$/.test(code)) return code ? t('sign_in.problem') : undefined;
  const path = `sign_in.problem_${code}`;
  return `${i18n.exists(path) ? t(path) : t('sign_in.problem')} (${code})`;
}

function refusal(error: unknown, t: TFunction): string {
  if (!(error instanceof Problem)) return String(error);
  if (error.status === 0) return t('error.offline');
  if (error.status === 401) return `${t('sign_in.wrong')} ${t('sign_in.locked')}`;
  if (error.code === 'A004') return t('sign_in.is_locked');
  return [error.detail, error.hint].filter(Boolean).join(' – ');
}

export default function SignIn() {
  const { t, i18n } = useTranslation();
  const queries = useQueryClient();
  const problem = useProblem();
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
      // What went wrong before is over.
      if (problem) history.replaceState(null, '', location.pathname);
      await queries.resetQueries({ queryKey: ['me'] });
    } catch (error) {
      setFailure(refusal(error, t));
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
        {problem ? <Alert type="error" showIcon title={problem} description={t('sign_in.problem_next')} /> : null}
        <Form layout="vertical" size="large" requiredMark={false} onFinish={send}>
          <Form.Item name="name" label={t('sign_in.name')} rules={[{ required: true, message: t('sign_in.needs_name') }]}>
            <Input autoFocus autoComplete="username" />
          </Form.Item>
          <Form.Item name="password" label={t('sign_in.password')} rules={[{ required: true, message: t('sign_in.needs_password') }]}>
            <Input.Password autoComplete="current-password" />
          </Form.Item>
          {failure ? <p role="alert" className="refusal">{failure}</p> : null}
          <Button block type="primary" htmlType="submit" loading={isSending}>
            {t('sign_in.go')}
          </Button>
        </Form>
        {providers.data?.items.map(({ id, label }) => (
          <Button block key={id} size="large" href={`/api/v1/sign-in/oidc/${encodeURIComponent(id)}`}>
            {t('sign_in.with', { name: pick(label, i18n.language) || id })}
          </Button>
        ))}
        <p className="quiet">{t('sign_in.forgot')}</p>
      </div>
    </main>
  );
}
