import { Button } from 'antd';
import { useTranslation } from '@/i18n/useTranslation';

export function UndoButton({ undo }: { undo: () => Promise<void> }) {
  const { t } = useTranslation();
  return (
    <Button type="primary" size="small" onClick={() => void undo()}>
      {t('common.undo')}
    </Button>
  );
}
