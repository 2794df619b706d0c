/** Province › county › township › village; a click goes up. */
import { useTranslation } from '@/i18n/useTranslation';
import { useAreaLabel } from '@/api/areaNames';
import { useArea } from '@/api/areas';
import { useChange, useKeptAddress } from '@/address';
import { useFormat } from '@/i18n/format';

export function AreaPath() {
  const { t } = useTranslation();
  const { pick } = useFormat();
  const { area } = useKeptAddress();
  const change = useChange();
  const here = useArea(area).data;
  const above = here?.path ?? [];
  // Who came from a map or a list knows the name already.
  const label = useAreaLabel(area);
  return (
    <nav className="path" aria-label={t('common.area')}>
      <button type="button" onClick={() => change({ area: undefined })} disabled={!area}>
        {t('common.everywhere')}
      </button>
      {area
        ? [...above, { code: area, name: here?.name ?? label }].map((it) => (
            <span key={it.code}>
              <i aria-hidden="true">›</i>
              <button
                type="button"
                disabled={it.code === area}
                onClick={() => change({ area: it.code })}
              >
                {pick(it.name) || it.code}
              </button>
            </span>
          ))
        : null}
    </nav>
  );
}
