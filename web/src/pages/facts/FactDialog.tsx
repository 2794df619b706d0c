/** One fact is entered, or the last one corrected; the answer says what it changed. */
import { useQueryClient } from '@tanstack/react-query';
import { Alert, App, Form as Fields, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { addFacts, useForms, useLastFacts, useMembers } from '@/api/household';
import type { LastFact } from '@/api/types';
import { Failure, oneLine } from '@/components/Failure';
import { useFormat } from '@/i18n/format';
import { FactField, useFieldHelp, useRangeRule } from './FactField';
import { factOf, today, type One } from './entry';
import { told } from './told';

interface Props {
  household: string;
  /** Id of the fact that is corrected, or a fact's code. */
  fact?: string;
  close: () => void;
}

export default function FactDialog({ household, fact, close }: Props) {
  const last = useLastFacts(household).data?.items;
  const before = last?.find((it) => it.fact_id === fact || it.fact === fact);
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
  const inRange = useRangeRule();
  const { notification } = App.useApp();
  const queries = useQueryClient();
  const forms = useForms();
  const members = useMembers(household).data?.items ?? [];
  const [fields] = Fields.useForm<One>();
  const [failure, setFailure] = useState<string>();
  const [isSending, setSending] = useState(false);
  const code = Fields.useWatch('fact', fields) ?? before?.fact;
  const form = forms.data?.items.find((it) => it.fact === code);
  const isCorrection = Boolean(before?.fact_id && wanted);

  const send = async (it: One) => {
    setSending(true);
    setFailure(undefined);
    try {
      const corrected = isCorrection ? before?.fact_id : undefined;
      const taken = await addFacts([factOf(it, household, corrected)]);
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
      <Fields<One>
        form={fields}
        layout="vertical"
        onFinish={(it) => void send(it)}
        initialValues={{
          fact: before?.fact ?? (wanted?.includes('.') ? wanted : undefined),
          value: before?.value,
          member_id: before?.member_id ?? undefined,
          valid_from: before?.valid_from ?? today(),
        }}
      >
        <Fields.Item name="fact" label={t('facts.what')} rules={[{ required: true, message: t('facts.needs_what') }]}>
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
          <Fields.Item name="member_id" label={t('facts.whom')} rules={[{ required: true, message: t('visit.needs_member') }]}>
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
            label={format.pick(form.label) || form.fact}
            extra={help(form)}
            rules={[{ required: true, message: t('facts.needs_value') }, inRange(form)]}
          >
            <FactField form={form} />
          </Fields.Item>
        ) : null}
        {before ? (
          <p className="quiet">
            {t('facts.last', { value: format.pick(before.shown) || before.value, when: format.day(before.valid_from) })}
          </p>
        ) : null}
        <Fields.Item name="valid_from" label={t('facts.since')} rules={[{ required: true, message: t('visit.needs_day') }]}>
          <Input type="date" />
        </Fields.Item>
        <Fields.Item name="source" label={t('common.source')}>
          <Input maxLength={60} placeholder={t('facts.source_hint')} />
        </Fields.Item>
        {isCorrection ? (
          <Fields.Item name="reason" label={t('facts.correct_why')} rules={[{ required: true, whitespace: true, message: t('facts.needs_reason') }]}>
            <Input.TextArea rows={2} maxLength={500} />
          </Fields.Item>
        ) : null}
      </Fields>
      {failure ? <Alert type="error" title={failure} showIcon /> : null}
    </Modal>
  );
}
