// Sentences apart from what stands in their gaps, so that others can say them in their language: the English text with
// "{0}", "{1}" … is the name under which a translation is found.

/** What stands in a gap: a number or a name, which is the same in every language, or words, which are not. */
export type Gap = string | number | Phrase;

export interface Phrase {
  /** "tends to {0} as {1}". */
  readonly text: string;
  readonly gaps: readonly Gap[];
}

/** A phrase, written as the sentence it is. A test of the studio reads every `phrase` in the sources: each has to have its
 * translations. */
export const phrase = (parts: TemplateStringsArray, ...gaps: readonly Gap[]): Phrase => ({
  text: parts.reduce((text, part, i) => `${text}{${i - 1}}${part}`),
  gaps,
});

/** A phrase in words: English ones, or those of a function that gives the text of another language for the English one. */
export function wordsOf(said: Gap, textOf: (english: string) => string = (english) => english): string {
  if (typeof said !== "object") return String(said);
  return textOf(said.text).replace(/\{(\d+)\}/g, (_, i) => wordsOf(said.gaps[i], textOf));
}
