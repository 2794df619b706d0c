/** A field for one fact, as the pack describes it. */
import { Input, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Form } from '@/api/types';
import { useFormat } from '@/i18n/format';

interface Props {
  form: Form;
  id?: string;
  value?: string;
  onChange?: (it: string | undefined) => void;
}

export function FactField({ form, id, value, onChange }: Props) {
  const { t } = useTranslation();
  const { pick } = useFormat();
  if (form.categories?.length) {
    const options = form.categories.map((it) => ({ value: it.id, label: pick(it.label) || it.id }));
    return <Select id={id} value={value} options={options} onChange={onChange} allowClear />;
  }
  if (form.type === 'boolean') {
    const options = [
      { value: '1', label: t('common.yes') },
      { value: '0', label: t('common.no') },
    ];
    return <Select id={id} value={value} options={options} onChange={onChange} allowClear />;
  }
  if (form.type === 'text' || form.type === 'category') {
    return <Input id={id} value={value} onChange={(it) => onChange?.(it.target.value)} maxLength={200} />;
  }
  if (form.type === 'date') {
    return <Input id={id} type="date" value={value} onChange={(it) => onChange?.(it.target.value)} />;
  }
  return (
    <InputNumber
      id={id}
      stringMode
      style={{ width: '100%' }}
      value={value}
      min={form.min == null ? undefined : String(form.min)}
      max={form.max == null ? undefined : String(form.max)}
      suffix={form.unit ?? undefined}
      onChange={(it) => onChange?.(it == null ? undefined : String(it))}
    />
  );
}

/** Unit and range, and why it is asked: what stands under a field. */
export function useFieldHelp() {
  const { t } = useTranslation();
  const { pick, number } = useFormat();
  return (form: Form): string => {
    const range =
      form.min != null && form.max != null
        ? t('facts.range', { min: number(form.min), max: number(form.max) })
        : '';
    return [range, pick(form.why)].filter(Boolean).join(' · ');
  };
}
