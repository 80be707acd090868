// The library's own sentences in the page's languages: none is left in English, and none is left over.

import { catalogue, diagnose, families, type Phrase, wordsOf } from "lossc";
import { describe, expect, it } from "vitest";
import en from "../src/strings/en.json" with { type: "json" };
import zh from "../src/strings/zh.json" with { type: "json" };
import { allPhrases, phrasesOf } from "./phrases.ts";

const gaps = (text: string) => [...text.matchAll(/\{\d+\}/g)].map(([gap]) => gap).sort();
const chinese: Readonly<Record<string, string>> = zh.phrases;

/** Words that are English wherever they stand: names of inputs, options and functions are quoted or listed here. */
const left = (text: string) => text.replace(/"[^"]*"|“[^”]*”|\b[\w.]+: \S+/g, "").match(/[a-z]{3,}/gi) ?? [];
const symbols = /^(NaN|Infinity|logits?|sigmoid|softmax|softplus|logSoftmax|exp|mask|ignoreIndex|target)$/;

describe("the library's sentences", () => {
  it("are read from its sources, gaps in gaps and all", () => {
    expect(
      phrasesOf(`const a = phrase\`of \${b} \${phrase\`at \${c}\`}.\`; const d = \`none \${e}\`;`),
    ).toEqual(["of {0} {1}.", "at {0}"]);
  });

  it("have each its Chinese one with the same gaps, and there are no others", () => {
    const library = allPhrases();
    expect(library.length).toBeGreaterThan(100);
    expect(Object.keys(chinese).sort()).toEqual(library.sort());
    for (const text of library) expect(gaps(chinese[text]), text).toEqual(gaps(text));
  });

  it("say every card of the catalogue without a word of English", () => {
    let told = 0;
    for (const [name, loss] of catalogue) {
      for (const [fact, found] of Object.entries(loss.properties())) {
        const { phrase } = (found ?? {}) as { phrase?: Phrase };
        if (!phrase) continue;
        told += 1;
        const said = wordsOf(phrase, (english) => chinese[english]);
        expect(said, `${name} ${fact}`).not.toMatch(/undefined|\{\d/);
        expect(
          left(said).filter((word) => !symbols.test(word)),
          `${name} ${fact}: ${said}`,
        ).toEqual([]);
      }
    }
    expect(told).toBeGreaterThan(6 * catalogue.size);
  }, 180_000);

  it("say what is wrong with a batch without a word of English", () => {
    const { findings } = diagnose(catalogue.get("crossEntropy")!, {
      logits: [
        [Number.NaN, 1],
        [2, 1],
        [1, 2],
        [0, 3],
      ],
      target: [1, 2, 1, 2],
    });
    expect(findings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(["nan-input", "labels-from-one"]),
    );
    for (const { phrases, message, remedy } of findings) {
      expect([wordsOf(phrases.message), wordsOf(phrases.remedy)]).toEqual([message, remedy]);
      for (const phrase of Object.values(phrases)) {
        const said = wordsOf(phrase, (english) => chinese[english]);
        expect(
          left(said).filter((word) => !symbols.test(word)),
          said,
        ).toEqual([]);
      }
    }
  });
});

it("every family of losses has its name in both languages", () => {
  expect(en.families).toEqual(families);
  expect(Object.keys(zh.families)).toEqual(Object.keys(families));
  for (const name of Object.values(zh.families)) expect(name).toMatch(/^[\u4e00-\u9fff]+$/);
});
