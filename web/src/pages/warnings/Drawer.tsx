/** Why, without leaving the list. */
import { Button, Drawer as Sheet } from 'antd';
import { useTranslation } from '@/i18n/useTranslation';
import type { Warned } from '@/api/warnings';
import { useExplanation } from '@/api/household';
import { BandChip } from '@/components/BandChip';
import { Link } from '@/components/Link';
import { Loaded } from '@/components/Loaded';
import { Why } from '../panel/household/Why';
import { Changes } from '../panel/household/Changes';

interface Props {
  household?: string;
  warning?: Warned;
  close: () => void;
  acknowledge: (id: string) => Promise<void>;
}

export function Drawer({ household, warning, close, acknowledge }: Props) {
  const { t } = useTranslation();
  const explanation = useExplanation(household);
  return (
    <Sheet
      open={Boolean(household)}
      onClose={close}
      size={560}
      // The list stays in reach: the next reason is one press away.
      mask={false}
      title={
        <span className="row">
          <BandChip band={warning?.band ?? explanation.data?.band} />
          {household}
        </span>
      }
      extra={
        warning?.state === 'open' ? (
          <Button type="primary" onClick={() => void acknowledge(warning.warning_id)}>
            {t('warnings.acknowledge')}
          </Button>
        ) : null
      }
    >
      {household ? (
        <div className="stack">
          <Loaded query={explanation}>
            {(it) => (
              <>
                <Why it={it} />
                <h3 style={{ marginTop: 12 }}>{t('household.what_changed')}</h3>
                <Changes it={it} />
              </>
            )}
          </Loaded>
          <Link to="/households/$id" params={{ id: household }}>
            {t('warnings.open_household')}
          </Link>
        </div>
      ) : null}
    </Sheet>
  );
}
