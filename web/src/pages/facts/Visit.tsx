/** What was seen at a household; works without a network. */
import { Alert, App, Button, Form as Fields, Input, Select } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { useAddress } from '@/address';
import { useForms, useLastFacts, useMembers } from '@/api/household';
import type { Form, LastFact } from '@/api/types';
import { oneLine } from '@/components/Failure';
import { useFormat } from '@/i18n/format';
import { useDraft } from '@/offline/useDraft';
import { useKept } from '@/offline/useKept';
import { useOnline, useQueue } from '@/offline/useQueue';
import { FactField, useFieldHelp, useRangeRule, useShown } from './FactField';
import { fieldOf, today, written, type Entry } from './entry';
import { Outbox } from './Outbox';
import './facts.css';

const NONE: Form[] = [];

export default function Visit() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const format = useFormat();
  const help = useFieldHelp();
  const shownAs = useShown();
  const inRange = useRangeRule();
  const [address] = useAddress();
  const isOnline = useOnline();
  const queue = useQueue();
  const [draft, setDraft] = useDraft<Entry>('visit');
  const start = address.household && address.household !== draft?.household ? undefined : draft;
  const forms = useKept<Form[]>('forms', useForms().data?.items) ?? NONE;
  const [fields] = Fields.useForm<Entry>();
  const [household, setHousehold] = useState(start?.household ?? address.household ?? '');
  const known = useKept(`facts.${household}`, useLastFacts(household || undefined).data?.items);
  const members = useWho(household);
  const [chosen, setChosen] = useState<string[]>(start?.chosen ?? []);
  const member = Fields.useWatch('member_id', fields);
  const shown = useMemo(
    () => chosen.map((it) => forms.find((form) => form.fact === it)).filter((it) => it !== undefined),
    [chosen, forms],
  );
  const last = (form: Form): LastFact | undefined =>
    known?.find((it) => it.fact === form.fact && (form.subject !== 'member' || it.member_id === member));
  const remember = (these: string[]) => setDraft({ ...fields.getFieldsValue(true), chosen: these });

  const keep = async (it: Entry) => {
    const made = written(it, shown, {
      known,
      label: (form) => format.pick(form.label) || form.fact,
      shown: shownAs,
    });
    queue.add(made);
    setChosen([]);
    setDraft(undefined);
    fields.resetFields(['values']);
    if (!isOnline) {
      message.info(t('visit.kept', { n: made.length }));
      return;
    }
    try {
      const { sent } = await queue.send();
      if (sent) message.success(t('visit.sent', { n: sent }));
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
        onValuesChange={() => remember(chosen)}
        initialValues={start ?? { household, valid_from: today() }}
      >
        <Fields.Item name="household" label={t('visit.household')} rules={[{ required: true, message: t('visit.needs_household') }]}>
          <Input onBlur={(it) => setHousehold(it.target.value.trim())} autoCapitalize="characters" placeholder="H000001" />
        </Fields.Item>
        <Fields.Item name="valid_from" label={t('visit.day')} rules={[{ required: true, message: t('visit.needs_day') }]}>
          <Input type="date" />
        </Fields.Item>
        <Fields.Item label={t('visit.what')} htmlFor="visit-what">
          <Select
            id="visit-what"
            mode="multiple"
            value={chosen}
            onChange={(it: string[]) => {
              setChosen(it);
              remember(it);
            }}
            showSearch={{ optionFilterProp: 'label' }}
            options={forms.map((it) => ({ value: it.fact, label: format.pick(it.label) || it.fact }))}
          />
        </Fields.Item>
        {needsMember ? (
          <Fields.Item name="member_id" label={t('facts.whom')} rules={[{ required: true, message: t('visit.needs_member') }]}>
            {members.length ? <Select options={members} /> : <Input />}
          </Fields.Item>
        ) : null}
        {shown.map((form) => {
          const before = last(form);
          const told = before
            ? t('facts.last', {
                value: format.pick(before.shown) || before.value,
                when: format.day(before.valid_from),
              })
            : '';
          return (
            <Fields.Item
              key={form.fact}
              name={['values', fieldOf(form.fact)]}
              label={format.pick(form.label) || form.fact}
              rules={[inRange(form)]}
              extra={[told, help(form)].filter(Boolean).join(' · ')}
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

/** Members to choose from; without a network by what they are to the head, for no name is kept on a phone. */
function useWho(household: string) {
  const { i18n, t } = useTranslation();
  const found = useMembers(household).data?.items;
  const bare = useMemo(
    () => found?.map(({ person_id, relation }) => ({ person_id, relation })),
    [found],
  );
  const kept = useKept(`members.${household}`, bare) ?? [];
  const names = new Map(found?.map((it) => [it.person_id, it.name]));
  return kept.map(({ person_id, relation }) => {
    const word = relation && i18n.exists(`person.relation_${relation}`) ? t(`person.relation_${relation}`) : relation;
    return { value: person_id, label: [names.get(person_id) ?? person_id, word].filter(Boolean).join(' · ') };
  });
}
