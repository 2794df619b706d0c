/** What was seen at a household; works without a network. */
import { Alert, App, Button, Form as Fields, Input, Select } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAddress } from '@/address';
import { useForms, useLastFacts, useMembers } from '@/api/household';
import type { Form } from '@/api/types';
import { oneLine } from '@/components/Failure';
import { useFormat } from '@/i18n/format';
import type { Waiting } from '@/offline/queue';
import { useKept } from '@/offline/useKept';
import { useOnline, useQueue } from '@/offline/useQueue';
import { uuid7 } from '@/offline/uuid';
import { FactField, useFieldHelp } from './FactField';
import { Outbox } from './Outbox';
import './facts.css';

interface Entry {
  household: string;
  valid_from: string;
  member_id?: string;
  values: Record<string, string | undefined>;
}

const NONE: Form[] = [];

export default function Visit() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [address] = useAddress();
  const isOnline = useOnline();
  const queue = useQueue();
  const forms = useKept<Form[]>('forms', useForms().data?.items) ?? NONE;
  const [fields] = Fields.useForm<Entry>();
  const [household, setHousehold] = useState(address.household ?? '');
  const known = useKept(`facts.${household}`, useLastFacts(household || undefined).data?.items);
  const members = useMembers(household).data?.items ?? [];
  const [chosen, setChosen] = useState<string[]>([]);
  const format = useFormat();
  const help = useFieldHelp();
  const shown = useMemo(
    () => chosen.map((it) => forms.find((form) => form.fact === it)).filter((it) => it !== undefined),
    [chosen, forms],
  );

  const keep = async (it: Entry) => {
    const made = shown.flatMap((form): Waiting[] => {
      const value = it.values?.[form.fact.replaceAll('.', '__')];
      if (value === undefined || value === '') return [];
      const before = known?.find((last) => last.fact === form.fact);
      const isMember = form.subject === 'member';
      return [
        {
          id: uuid7(),
          household: it.household.trim(),
          fact: form.fact,
          label: format.pick(form.label) || form.fact,
          value,
          valid_from: it.valid_from,
          ...(isMember && it.member_id ? { member_id: it.member_id } : {}),
          source: 'visit',
          made_at: new Date().toISOString(),
          base: known ? (before ? { fact_id: before.fact_id, value: before.value } : null) : undefined,
        },
      ];
    });
    queue.add(made);
    setChosen([]);
    fields.resetFields(['values']);
    if (!isOnline) {
      message.info(t('visit.kept', { n: made.length }));
      return;
    }
    try {
      const sent = await queue.send();
      if (sent?.refused.length) message.error(sent.refused.join('; '));
      else if (sent?.sent) message.success(t('visit.sent', { n: sent.sent }));
    } catch (error) {
      message.warning(`${t('visit.kept', { n: made.length })} ${oneLine(error)}`);
    }
  };

  const needsMember = shown.some((it) => it.subject === 'member');
  return (
    <div className="visit">
      <h1>{t('nav.visit')}</h1>
      {isOnline ? null : <Alert type="warning" showIcon title={t('visit.offline')} />}
      <Outbox queue={queue} isOnline={isOnline} />
      <Fields<Entry>
        form={fields}
        layout="vertical"
        size="large"
        className="panel"
        onFinish={(it) => void keep(it)}
        initialValues={{ household, valid_from: new Date().toISOString().slice(0, 10) }}
      >
        <Fields.Item name="household" label={t('visit.household')} rules={[{ required: true }]}>
          <Input onBlur={(it) => setHousehold(it.target.value.trim())} autoCapitalize="characters" />
        </Fields.Item>
        <Fields.Item name="valid_from" label={t('visit.day')} rules={[{ required: true }]}>
          <Input type="date" />
        </Fields.Item>
        <Fields.Item label={t('visit.what')} htmlFor="visit-what">
          <Select
            id="visit-what"
            mode="multiple"
            value={chosen}
            onChange={setChosen}
            showSearch={{ optionFilterProp: 'label' }}
            options={forms.map((it) => ({ value: it.fact, label: format.pick(it.label) || it.fact }))}
          />
        </Fields.Item>
        {needsMember ? (
          <Fields.Item name="member_id" label={t('facts.whom')} rules={[{ required: true }]}>
            {members.length ? (
              <Select
                options={members.map((it) => ({
                  value: it.person_id,
                  label: it.name ?? it.person_id,
                }))}
              />
            ) : (
              <Input />
            )}
          </Fields.Item>
        ) : null}
        {shown.map((form) => {
          const last = known?.find((it) => it.fact === form.fact);
          return (
            <Fields.Item
              key={form.fact}
              name={['values', form.fact.replaceAll('.', '__')]}
              label={`${format.pick(form.label) || form.fact}${form.unit ? ` (${form.unit})` : ''}`}
              extra={[
                last ? t('facts.last', { value: last.value, when: format.day(last.valid_from) }) : '',
                help(form),
              ]
                .filter(Boolean)
                .join(' · ')}
            >
              <FactField form={form} />
            </Fields.Item>
          );
        })}
        <Button block type="primary" htmlType="submit" disabled={shown.length === 0}>
          {isOnline ? t('common.send') : t('visit.keep')}
        </Button>
      </Fields>
    </div>
  );
}
