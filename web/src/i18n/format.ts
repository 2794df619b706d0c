/** Numbers, shares, periods and times as people of a language write them. */
import { useTranslation } from '@/i18n/useTranslation';
import { pick, type Label } from './label';

const locale = (language: string) => (language === 'zh' ? 'zh-CN' : 'en-GB');

/** Formatters are slow to make and the same for every cell of a table. */
const made = new Map<string, unknown>();

function kept<T>(kind: string, language: string, style: object, make: (locale: string) => T): T {
  const key = `${kind} ${language} ${JSON.stringify(style)}`;
  const known = made.get(key) as T | undefined;
  if (known) return known;
  const it = make(locale(language));
  made.set(key, it);
  return it;
}

function numbers(language: string, style: Intl.NumberFormatOptions): Intl.NumberFormat {
  return kept('number', language, style, (it) => new Intl.NumberFormat(it, style));
}

function dates(language: string, style: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return kept('date', language, style, (it) => new Intl.DateTimeFormat(it, style));
}

export function number(value: number | null | undefined, language: string, digits = 0): string {
  if (value == null || Number.isNaN(value)) return '–';
  return numbers(language, { maximumFractionDigits: digits }).format(value);
}

/** Scores and points: one decimal always, so that they stand below each other. */
export function score(value: number | null | undefined, language: string): string {
  if (value == null || Number.isNaN(value)) return '–';
  return numbers(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(value);
}

export function share(value: number | null | undefined, language: string, digits = 0): string {
  if (value == null || Number.isNaN(value)) return '–';
  const style = { style: 'percent', maximumFractionDigits: digits } as const;
  return numbers(language, style).format(value);
}

export function compact(value: number, language: string): string {
  if (Math.abs(value) < 10_000) return number(value, language);
  const style = { notation: 'compact', maximumFractionDigits: 1 } as const;
  return numbers(language, style).format(value);
}

export function signed(value: number, language: string, digits = 0): string {
  const style = { signDisplay: 'exceptZero', maximumFractionDigits: digits } as const;
  return numbers(language, style).format(value);
}

/** `2020-06` as June 2020; quarters, halves, years and waves stay as they are written. */
export function period(text: string | null | undefined, language: string, short = false): string {
  const found = /^(\d{4})-(\d{2})$/.exec(text ?? '');
  if (!found) return text ?? '–';
  const date = new Date(Date.UTC(Number(found[1]), Number(found[2]) - 1, 1));
  const style = { month: short ? 'short' : 'long', year: 'numeric', timeZone: 'UTC' } as const;
  return dates(language, style).format(date);
}

export function day(text: string | null | undefined, language: string): string {
  if (!text) return '–';
  const date = new Date(text.length === 10 ? `${text}T00:00:00Z` : text);
  const style = { dateStyle: 'medium', timeZone: text.length === 10 ? 'UTC' : undefined } as const;
  return dates(language, style).format(date);
}

export function exact(text: string | null | undefined, language: string): string {
  if (!text) return '–';
  const style = { dateStyle: 'medium', timeStyle: 'short' } as const;
  return dates(language, style).format(new Date(text));
}

/** Today only the time, else the day too: how far what is shown is known. */
export function moment(text: string | null | undefined, language: string, now = new Date()): string {
  if (!text) return '–';
  const at = new Date(text);
  if (at.toDateString() !== now.toDateString()) return exact(text, language);
  return dates(language, { timeStyle: 'short' }).format(at);
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

export function ago(text: string | null | undefined, language: string, now = Date.now()): string {
  if (!text) return '–';
  const seconds = (new Date(text).getTime() - now) / 1000;
  const [unit, size] = STEPS.find(([, it]) => Math.abs(seconds) >= it) ?? ['second', 1];
  const style = { numeric: 'auto' } as const;
  const written = kept('relative', language, style, (it) => new Intl.RelativeTimeFormat(it, style));
  return written.format(Math.trunc(seconds / size), unit);
}

type Format = ReturnType<typeof formatOf>;

function formatOf(language: string) {
  return {
    language,
    number: (it: number | null | undefined, digits?: number) => number(it, language, digits),
    score: (it: number | null | undefined) => score(it, language),
    share: (it: number | null | undefined, digits?: number) => share(it, language, digits),
    compact: (it: number) => compact(it, language),
    signed: (it: number, digits?: number) => signed(it, language, digits),
    period: (it: string | null | undefined, short?: boolean) => period(it, language, short),
    day: (it: string | null | undefined) => day(it, language),
    exact: (it: string | null | undefined) => exact(it, language),
    moment: (it: string | null | undefined) => moment(it, language),
    ago: (it: string | null | undefined) => ago(it, language),
    pick: (it: Label) => pick(it, language),
  };
}

const formats = new Map<string, Format>();

/** All of them in the language of the page; the same object for as long as that is the same. */
export function useFormat(): Format {
  const language = useTranslation().i18n.language;
  const format = formats.get(language) ?? formatOf(language);
  formats.set(language, format);
  return format;
}
