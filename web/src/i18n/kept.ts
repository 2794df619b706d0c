/** The language asked for last, or the browser's. */
export type Language = 'en' | 'zh';
const KEY = 'holdfast.language';

export function keptLanguage(): Language {
  const kept = localStorage.getItem(KEY);
  if (kept === 'en' || kept === 'zh') return kept;
  return navigator.language.startsWith('zh') ? 'zh' : 'en';
}

export function keepLanguage(it: string) {
  localStorage.setItem(KEY, it);
}
