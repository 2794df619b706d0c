/** A field for one fact, as the pack describes it. */
import { Input, InputNumber, Select } from 'antd';
import type { FormRule as Rule } from 'antd';
import { useTranslation } from '@/i18n/useTranslation';
import type { Form } from '@/api/types';
import { useFormat } from '@/i18n/format';
import { useUnit } from '@/i18n/unit';

interface Props {
  form: Form;
  id?: string;
  value?: string;
  onChange?: (it: string | undefined) => void;
}

export function FactField({ form, id, value, onChange }: Props) {
  const { t } = useTranslation();
  const { pick } = useFormat();
  const unit = useUnit();
  if (form.categories?.length) {
    const options = form.categories.map((it) => ({ value: it.id, label: pick(it.label) || it.id }));
    return <Select id={id} value={value} options={options} onChange={onChange} allowClear />;
  }
  if (form.type === 'boolean') {
    const options = [
      { value: 'true', label: t('common.yes') },
      { value: 'false', label: t('common.no') },
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
      suffix={unit(form.unit) || undefined}
      onChange={(it) => onChange?.(it == null ? undefined : String(it))}
    />
  );
}

/** A value as people read it. */
export function useShown() {
  const { t } = useTranslation();
  const { pick, number } = useFormat();
  const unit = useUnit();
  return (form: Form | undefined, value: string): string => {
    if (form?.type === 'boolean') return value === 'true' ? t('common.yes') : t('common.no');
    const category = form?.categories?.find((it) => it.id === value);
    if (category) return pick(category.label) || value;
    if (form?.type !== 'number' || value === '' || Number.isNaN(Number(value))) return value;
    return [number(Number(value), 6), unit(form.unit)].filter(Boolean).join(' ');
  };
}

/** What the pack finds implausible is said, and never made plausible behind the back of who wrote it. */
export function useRangeRule() {
  const { t } = useTranslation();
  const { number } = useFormat();
  return (form: Form): Rule => ({
    validator: (_, value?: string) => {
      const it = Number(value);
      const isFar = (form.min != null && it < form.min) || (form.max != null && it > form.max);
      if (form.type !== 'number' || value === undefined || value === '' || !isFar) return Promise.resolve();
      const range = { min: number(form.min, 6), max: number(form.max, 6) };
      return Promise.reject(new Error(t('facts.out_of_range', range)));
    },
  });
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
