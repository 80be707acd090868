// docs/peers.md: lossc is right where it says that others are wrong, and the page is what its programs write.

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import {
  type Answered,
  answerOf,
  isWrong,
  numberOf,
  ourMistakes,
  readJson,
} from "../../../tools/peers/ours.ts";
import { peersPage } from "../../../tools/peers/page.ts";
import type { Found } from "../../../tools/peers/select.ts";

const found = readJson<Found>("found.json");
const questions = readJson<Answered[]>("questions.json");

it("at least fifteen inputs are shown on which a peer is wrong, of at least six libraries", () => {
  expect(
    new Set(found.rows.map(({ inputs, options, call }) => JSON.stringify([inputs, options, call]))).size,
  ).toBeGreaterThan(15);
  expect(new Set(found.rows.map(({ library }) => library)).size).toBeGreaterThanOrEqual(6);
});

it.each(found.rows.map((row) => [`${row.library} ${row.call}, ${row.of}`, row] as const))(
  "%s: theirs is wrong, ours is not, and the truth is the oracle's",
  (_, row) => {
    expect(isWrong(row.got, row.true, row.precision)).toBe(true);
    const ours = numberOf(answerOf(row, row.precision), row.of);
    expect(isWrong(ours, row.true, row.precision), `ours is ${ours}`).toBe(false);
    const same = questions.find(
      ({ loss, inputs, options }) =>
        loss === row.loss && JSON.stringify([inputs, options]) === JSON.stringify([row.inputs, row.options]),
    )!;
    const truth = row.of === "value" ? same.value : numberOf({ grads: tensors(same.grads) } as never, row.of);
    expect(row.true).toBe(truth);
  },
);

/** Gradients of one sample as tensors. */
function tensors(grads: Answered["grads"]) {
  return Object.fromEntries(
    Object.entries(grads).map(([name, nested]) => {
      const rows = nested as unknown as number[] | number[][];
      return Array.isArray(rows[0])
        ? [name, { data: (rows as number[][]).flat(), shape: [rows.length, rows[0].length] }]
        : [name, { data: rows, shape: [rows.length] }];
    }),
  );
}

it("to all questions together lossc gives two wrong numbers, which the page names", () => {
  const mistakes = ourMistakes(questions);
  expect(
    mistakes.filter(
      (text) => !/^poissonNll {"prediction":\[1e-12\],"target":\[1\]}|^triplet .*1e-20/.test(text),
    ),
  ).toEqual([]);
});

it("the page is fresh", () => {
  const page = readFileSync(new URL("../../../docs/peers.md", import.meta.url), "utf8");
  const withoutOurs = (text: string) =>
    text.split("\n").map((line) =>
      line
        .split(" | ")
        .filter((_, i) => i !== 5)
        .join(" | "),
    );
  // Our own numbers' last digits may differ between versions of the runtime.
  expect(withoutOurs(peersPage(found))).toEqual(withoutOurs(page));
});
