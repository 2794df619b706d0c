import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <div className="panel failure">
      <h1>{t('error.not_found')}</h1>
      <Link to="/">{t('nav.situation')}</Link>
    </div>
  );
}
