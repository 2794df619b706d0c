/** One person, as the role may see; what is hidden is shown for a reason, which is logged. */
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { App, Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { http } from '@/api/http';
import { useMay } from '@/api/me';
import { oneLine } from '@/components/Failure';
import type { Sealed } from '@/api/types';
import { Loaded } from '@/components/Loaded';

type Shown = Record<string, unknown> & { masked?: Sealed[] };
const HIDDEN = ['identity_number', 'phone', 'bank_account', 'health_note'];
const ORDER = ['name', 'pinyin', 'sex', 'birth_date', 'birth_place', 'relation', 'status', 'household_id', 'area_code', ...HIDDEN];

export default function Person() {
  const { t } = useTranslation();
  const { id } = useParams({ strict: false }) as { id: string };
  const may = useMay();
  const { notification } = App.useApp();
  const person = useQuery({
    queryKey: ['person', id],
    queryFn: () => http.get<Shown>(`/people/${encodeURIComponent(id)}`),
  });
  const [plain, setPlain] = useState<Sealed[]>([]);
  const [isAsking, setAsking] = useState(false);
  const [form] = Form.useForm<{ reason: string }>();
  const unmask = async () => {
    const { reason } = await form.validateFields();
    try {
      const path = `/people/${encodeURIComponent(id)}/unmasking`;
      const fields = (person.data?.masked ?? []).map((it) => it.field);
      const answer = await http.post<{ fields: Sealed[] }>(path, { reason, fields });
      setPlain(answer.fields);
    } catch (error) {
      notification.error({ title: oneLine(error) });
    }
    setAsking(false);
  };
  return (
    <section className="panel" style={{ maxWidth: 640 }}>
      <Loaded query={person}>
        {(it) => {
          const sealed = [...(it.masked ?? []), ...plain].map((field) => [field.field, field.text]);
          const all: Record<string, unknown> = { ...it, ...Object.fromEntries(sealed) };
          const keys = ORDER.filter((key) => all[key] !== undefined && all[key] !== null);
          return (
            <>
              <header>
                <h1>{String(all.name ?? id)}</h1>
                {may('people:unmask') && it.masked?.length ? (
                  <Button onClick={() => setAsking(true)}>{t('person.show')}</Button>
                ) : null}
              </header>
              <table className="plain">
                <tbody>
                  {keys.map((key) => (
                    <tr key={key}>
                      <th scope="row">{t(`person.${key}`)}</th>
                      <td>
                        {key === 'household_id' ? (
                          <Link to="/households/$id" params={{ id: String(all[key]) }}>
                            {String(all[key])}
                          </Link>
                        ) : (
                          String(all[key])
                        )}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </>
          );
        }}
      </Loaded>
      <Modal
        open={isAsking}
        title={t('person.show')}
        onOk={() => void unmask()}
        onCancel={() => setAsking(false)}
      >
        <p className="quiet">{t('person.logged')}</p>
        <Form form={form} layout="vertical">
          <Form.Item name="reason" label={t('common.reason')} rules={[{ required: true, min: 3 }]}>
            <Input.TextArea rows={2} maxLength={200} />
          </Form.Item>
        </Form>
      </Modal>
    </section>
  );
}
