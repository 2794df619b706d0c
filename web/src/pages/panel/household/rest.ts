/** What a sentence says besides its label, which stands before it already. */
export function restOf(label: string, sentence: string): string {
  return sentence.startsWith(label) ? sentence.slice(label.length).replace(/^[\s:：,，]+/, '') : sentence;
}
