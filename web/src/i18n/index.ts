import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import en from './en.json';
import { keepLanguage, keptLanguage } from './kept';
import zh from './zh.json';

void i18next.use(initReactI18next).init({
  lng: keptLanguage(),
  fallbackLng: false,
  resources: { en: { translation: en }, zh: { translation: zh } },
  interpolation: { escapeValue: false },
});

function mark(language: string) {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
}
mark(i18next.language);
i18next.on('languageChanged', (language) => {
  keepLanguage(language);
  mark(language);
});

export { pick, type Label } from './label';
export { i18next };
