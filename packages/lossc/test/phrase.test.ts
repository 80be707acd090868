// Sentences apart from what stands in their gaps.

import { expect, it } from "vitest";
import { LossError, suggestion } from "../src/errors.ts";
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

it("an error made of phrases says them in English and keeps them for other languages", () => {
  const note = suggestion("dleta", ["delta"]);
  const error = new LossError("definition", phrase`There is no "${"dleta"}".`, { loss: "own", note });
  expect(error.message).toBe('own: There is no "dleta". Did you mean "delta"?');
  expect(error.note).toBe('Did you mean "delta"?');
  expect(error.phrases).toEqual({ message: phrase`There is no "${"dleta"}".`, remedy: note });
  expect(new LossError("syntax", phrase`No.`).phrases).toEqual({ message: phrase`No.`, remedy: phrase`` });
});

it("an error of which a part is English alone has no phrases", () => {
  for (const error of [
    new LossError("definition", "No."),
    new LossError("definition", "No.", { note: suggestion("a", []) }),
    new LossError("definition", phrase`No.`, { note: "Never." }),
  ])
    expect(error.phrases).toBeUndefined();
});
