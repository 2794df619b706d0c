/** A text of a pack, which has both languages. */
export type Label = { en?: string | null; zh?: string | null } | string | null | undefined;

export function pick(label: Label, language: string): string {
  if (label == null) return '';
  if (typeof label === 'string') return label;
  return (language === 'zh' ? (label.zh ?? label.en) : (label.en ?? label.zh)) ?? '';
}
