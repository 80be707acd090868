// A row's largest and its place: found in two passes, whatever the row's length and wherever it stands.

import { expect, it } from "vitest";
import { crossEntropy } from "../../src/index.ts";

type Engine = "wasm" | "reference";
const gradientOf = (rows: number[][], engine: Engine, dtype: "float32" | "float64"): number[] => {
  const { grads } = crossEntropy.valueAndGrad({ logits: rows, target: rows.map(() => 0) }, { engine, dtype });
  return [...grads.logits.data];
};

/** Rows of a length: the largest at each place, then twice, then with infinities and NaN. */
function rowsOf(length: number): number[][] {
  const row = (edit: (values: number[]) => void): number[] => {
    const values = Array.from({ length }, (_, i) => Math.sin(i * 7));
    edit(values);
    return values;
  };
  const last = length - 1;
  return [
    ...Array.from({ length }, (_, place) => row((values) => (values[place] = 3))),
    row((values) => (values[0] = values[last] = 3)),
    row((values) => (values[last >> 1] = Number.POSITIVE_INFINITY)),
    row((values) => values.fill(Number.NEGATIVE_INFINITY, 1)),
    row((values) => (values[last] = Number.NaN)),
    row((values) => {
      values[0] = Number.NEGATIVE_INFINITY; // ∞ − ∞, and no NaN
      values[last] = Number.POSITIVE_INFINITY;
    }),
    row((values) => values.fill(3e38)),
    row((values) => values.fill(2)),
  ];
}

/** Rows that stand in lanes, and rows that are searched, a few vectors at a time. */
const lengths = [1, 2, 3, 5, 8, 31, 32, 33, 34, 35, 36, 37, 38, 47, 48, 49, 63, 64, 65, 70];

it.each(["float32", "float64"] as const)("is the reference's in %s, for rows of 1 to 70 numbers", (dtype) => {
  for (const length of lengths) {
    const rows = rowsOf(length);
    const [got, want] = (["wasm", "reference"] as const).map((engine) => gradientOf(rows, engine, dtype));
    const close = got.every(
      (x, i) =>
        (Number.isNaN(x) && Number.isNaN(want[i])) ||
        Math.abs(x - want[i]) <= 1e-6 * Math.abs(want[i]) + 1e-9,
    );
    expect(close, `rows of ${length}`).toBe(true);
  }
});
