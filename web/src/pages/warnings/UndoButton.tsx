import { Button } from 'antd';
import { useTranslation } from 'react-i18next';

export function UndoButton({ undo }: { undo: () => Promise<void> }) {
  const { t } = useTranslation();
  return (
    <Button type="primary" size="small" onClick={() => void undo()}>
      {t('common.undo')}
    </Button>
  );
}
