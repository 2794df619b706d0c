import { Link } from '@/components/Link';
import { useTranslation } from '@/i18n/useTranslation';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <div className="panel failure">
      <h1>{t('error.not_found')}</h1>
      <Link to="/">{t('nav.situation')}</Link>
    </div>
  );
}
