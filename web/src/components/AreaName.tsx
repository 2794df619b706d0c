import { useAreaLabel } from '@/api/areaNames';
import { useFormat } from '@/i18n/format';

/** The name of an area; its code until the name is known. */
export function AreaName({ code }: { code: string | null | undefined }) {
  const { pick } = useFormat();
  const label = useAreaLabel(code ?? undefined);
  if (!code) return null;
  return <span title={code}>{pick(label) || code}</span>;
}
