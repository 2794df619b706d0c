/** Language and theme. */
import { MoonOutlined, SunOutlined } from '@ant-design/icons';
import { useTranslation } from '@/i18n/useTranslation';
import { setDark, useDark } from '@/theme';

export function Toggles() {
  const { t, i18n } = useTranslation();
  const isDark = useDark();
  return (
    <span className="toggles">
      <button
        type="button"
        aria-label={`${t('bar.language')}: ${t('bar.language_label')}`}
        lang={i18n.language === 'zh' ? 'en' : 'zh-CN'}
        onClick={() => void i18n.changeLanguage(i18n.language === 'zh' ? 'en' : 'zh')}
      >
        {t('bar.language')}
      </button>
      <button
        type="button"
        aria-label={t('bar.theme_label')}
        title={isDark ? t('bar.light') : t('bar.dark')}
        onClick={() => setDark(!isDark)}
      >
        {isDark ? <SunOutlined /> : <MoonOutlined />}
      </button>
    </span>
  );
}
