import { useArea } from '@/api/areas';
import { useFormat } from '@/i18n/format';

/** The name of an area; its code until the name is known. */
export function AreaName({ code }: { code: string | null | undefined }) {
  const { pick } = useFormat();
  const area = useArea(code ?? undefined).data;
  if (!code) return null;
  return <span title={code}>{pick(area?.name) || code}</span>;
}
