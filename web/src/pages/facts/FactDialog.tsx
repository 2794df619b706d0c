/** One fact is entered, or the last one corrected; the answer says what it changed. */
import { useQueryClient } from '@tanstack/react-query';
import { Alert, App, Form as Fields, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { addFacts, useForms, useLastFacts, useMembers, type NewFact } from '@/api/household';
import type { LastFact } from '@/api/types';
import { Failure, oneLine } from '@/components/Failure';
import { useFormat } from '@/i18n/format';
import { uuid7 } from '@/offline/uuid';
import { FactField, useFieldHelp } from './FactField';
import { told } from './told';

interface Props {
  household: string;
  open: boolean;
  /** Id of the fact that is corrected, or a fact's code. */
  fact?: string;
  close: () => void;
}

interface Entry {
  fact: string;
  value: string;
  valid_from: string;
  member_id?: string;
  source?: string;
  reason?: string;
}

export function FactDialog({ household, open, fact, close }: Props) {
  const last = useLastFacts(open ? household : undefined).data?.items;
  const before = last?.find((it) => it.fact_id === fact || it.fact === fact);
  if (!open) return null;
  return <Inner key={fact} household={household} before={before} wanted={fact} close={close} />;
}

interface InnerProps {
  household: string;
  before?: LastFact;
  wanted?: string;
  close: () => void;
}

function Inner({ household, before, wanted, close }: InnerProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const help = useFieldHelp();
  const { notification } = App.useApp();
  const queries = useQueryClient();
  const forms = useForms();
  const members = useMembers(household).data?.items ?? [];
  const [fields] = Fields.useForm<Entry>();
  const [failure, setFailure] = useState<string>();
  const [isSending, setSending] = useState(false);
  const code = Fields.useWatch('fact', fields) ?? before?.fact;
  const form = forms.data?.items.find((it) => it.fact === code);
  const isCorrection = Boolean(before?.fact_id && wanted);

  const send = async (it: Entry) => {
    setSending(true);
    setFailure(undefined);
    const source = it.reason ? `${it.source ?? 'visit'}: ${it.reason}` : it.source;
    const sent: NewFact = {
      fact_id: uuid7(),
      fact: it.fact,
      value: String(it.value),
      valid_from: it.valid_from,
      household_id: household,
      ...(it.member_id ? { member_id: it.member_id } : {}),
      ...(source ? { source: source.slice(0, 200) } : {}),
      ...(isCorrection && before?.fact_id ? { supersedes: before.fact_id } : {}),
    };
    try {
      const taken = await addFacts([sent]);
      const refused = taken.rejected[0];
      if (refused) {
        setFailure([refused.detail, refused.hint].filter(Boolean).join(' – '));
      } else {
        for (const key of ['household', 'warnings', 'counts', 'situation']) {
          void queries.invalidateQueries({ queryKey: [key] });
        }
        notification.success({ title: t('facts.taken'), description: told(taken, t), duration: 8 });
        close();
      }
    } catch (error) {
      setFailure(oneLine(error));
    }
    setSending(false);
  };

  return (
    <Modal
      open
      title={isCorrection ? t('facts.correct') : t('facts.enter')}
      okText={t('common.send')}
      onOk={() => fields.submit()}
      okButtonProps={{ loading: isSending }}
      onCancel={close}
    >
      {forms.isError ? <Failure error={forms.error} /> : null}
      <Fields<Entry>
        form={fields}
        layout="vertical"
        onFinish={(it) => void send(it)}
        initialValues={{
          fact: before?.fact ?? (wanted?.includes('.') ? wanted : undefined),
          value: before?.value,
          member_id: before?.member_id ?? undefined,
          valid_from: before?.valid_from ?? new Date().toISOString().slice(0, 10),
        }}
      >
        <Fields.Item name="fact" label={t('facts.what')} rules={[{ required: true }]}>
          <Select
            showSearch={{ optionFilterProp: 'label' }}
            disabled={isCorrection}
            options={forms.data?.items.map((it) => ({
              value: it.fact,
              label: format.pick(it.label) || it.fact,
            }))}
          />
        </Fields.Item>
        {form?.subject === 'member' ? (
          <Fields.Item name="member_id" label={t('facts.whom')} rules={[{ required: true }]}>
            <Select
              disabled={isCorrection}
              options={members.map((it) => ({
                value: it.person_id,
                label: it.name ?? it.person_id,
              }))}
            />
          </Fields.Item>
        ) : null}
        {form ? (
          <Fields.Item
            name="value"
            label={`${format.pick(form.label)}${form.unit ? ` (${form.unit})` : ''}`}
            extra={help(form)}
            rules={[{ required: true }]}
          >
            <FactField form={form} />
          </Fields.Item>
        ) : null}
        {before ? (
          <p className="quiet">
            {t('facts.last', { value: before.value, when: format.day(before.valid_from) })}
          </p>
        ) : null}
        <Fields.Item name="valid_from" label={t('facts.since')} rules={[{ required: true }]}>
          <Input type="date" />
        </Fields.Item>
        <Fields.Item name="source" label={t('common.source')}>
          <Input maxLength={60} placeholder={t('facts.source_hint')} />
        </Fields.Item>
        {isCorrection ? (
          <Fields.Item name="reason" label={t('facts.correct_why')} rules={[{ required: true }]}>
            <Input.TextArea rows={2} maxLength={120} />
          </Fields.Item>
        ) : null}
      </Fields>
      {failure ? <Alert type="error" title={failure} showIcon /> : null}
    </Modal>
  );
}
