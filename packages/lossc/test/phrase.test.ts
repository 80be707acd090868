// Sentences apart from what stands in their gaps.

import { expect, it } from "vitest";
import { phrase, wordsOf } from "../src/phrase.ts";

it("a phrase in English is the sentence it was written as, numbers, names and phrases in it", () => {
  const said = phrase`"${"logits"}" is ${3} ${phrase`at ${phrase`row ${0}`}`}.`;
  expect(said.text).toBe('"{0}" is {1} {2}.');
  expect(wordsOf(said)).toBe('"logits" is 3 at row 0.');
  expect(wordsOf(phrase``)).toBe("");
});

it("a translation puts the gaps where it wants them, and what stands in them is not read again", () => {
  const german: Record<string, string> = { "{0} at {1}": "bei {1}: {0}", "row {0}": "Zeile {0}" };
  const said = phrase`${"{1}"} at ${phrase`row ${7}`}`;
  expect(wordsOf(said, (english) => german[english])).toBe("bei Zeile 7: {1}");
});
