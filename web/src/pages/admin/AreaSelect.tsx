/** Areas by name or code; what is not among the outermost is typed as a code. */
import { Select } from 'antd';
import { useTranslation } from '@/i18n/useTranslation';
import { useAreas, useOutermost } from '@/api/areas';
import { useFormat } from '@/i18n/format';

interface Props {
  id?: string;
  value?: string[];
  onChange?: (it: string[]) => void;
}

export function AreaSelect({ id, value, onChange }: Props) {
  const { t } = useTranslation();
  const { pick } = useFormat();
  const outer = useAreas(undefined).data?.items ?? [];
  const inner = useAreas(useOutermost(undefined) ?? undefined).data?.items ?? [];
  const areas = [...new Map([...outer, ...inner].map((it) => [it.code, it])).values()];
  // Everywhere, or some places: the one makes the other meaningless.
  const change = (all: string[]) =>
    onChange?.(all.at(-1) === '*' ? ['*'] : all.length > 1 ? all.filter((it) => it !== '*') : all);
  return (
    <Select
      id={id}
      mode="tags"
      value={value}
      onChange={change}
      tokenSeparators={[' ', ',', '，', '、']}
      showSearch={{ optionFilterProp: 'label' }}
      options={[
        { value: '*', label: t('common.everywhere') },
        ...areas.map((it) => ({ value: it.code, label: `${pick(it.name)} ${it.code}` })),
      ]}
    />
  );
}
