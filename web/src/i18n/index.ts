import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import en from './en.json';
import zh from './zh.json';

export type Language = 'en' | 'zh';
const KEY = 'holdfast.language';

/** The language asked for last, or the browser's. */
function first(): Language {
  const kept = localStorage.getItem(KEY);
  if (kept === 'en' || kept === 'zh') return kept;
  return navigator.language.startsWith('zh') ? 'zh' : 'en';
}

void i18next.use(initReactI18next).init({
  lng: first(),
  fallbackLng: false,
  resources: { en: { translation: en }, zh: { translation: zh } },
  interpolation: { escapeValue: false },
});

function mark(language: string) {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
}
mark(i18next.language);
i18next.on('languageChanged', (language) => {
  localStorage.setItem(KEY, language);
  mark(language);
});

export { pick, type Label } from './label';
export { i18next };
