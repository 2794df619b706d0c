/**
 * Texts of the page's language. Every cell of a table asks for some: the hook of react-i18next makes
 * functions and subscribes each time, this one reads a context that is made once per language.
 */
import { createContext, useContext, useSyncExternalStore, type ReactNode } from 'react';
import i18next, { type i18n, type TFunction } from 'i18next';

interface Texts {
  t: TFunction;
  i18n: i18n;
}

const Context = createContext<Texts | undefined>(undefined);
const made = new Map<string, Texts>();

/** Texts of a language; what is asked for without values is looked up once. */
function textsOf(language: string): Texts {
  const known = made.get(language);
  if (known) return known;
  const fixed = i18next.getFixedT(language);
  const plain = new Map<string, string>();
  const t = (key: string, values?: Record<string, unknown>) => {
    if (values !== undefined) return fixed(key, values);
    const text = plain.get(key) ?? fixed(key);
    plain.set(key, text);
    return text;
  };
  const texts = { t: t as TFunction, i18n: i18next };
  made.set(language, texts);
  return texts;
}

const subscribe = (listener: () => void) => {
  i18next.on('languageChanged', listener);
  return () => i18next.off('languageChanged', listener);
};

export function TextsProvider({ children }: { children: ReactNode }) {
  const language = useSyncExternalStore(subscribe, () => i18next.language);
  return <Context value={textsOf(language)}>{children}</Context>;
}

/** `t` gives the text of a key; the object changes with the language and never else. */
export function useTranslation(): Texts {
  const texts = useContext(Context);
  if (!texts) throw new Error('texts are asked for outside TextsProvider');
  return texts;
}
