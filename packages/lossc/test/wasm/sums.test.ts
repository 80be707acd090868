// Sums of float32 losses: copies of a loop's body are added before they are widened, and neither digits nor range may suffer.

import { describe, expect, it } from "vitest";
import { defineLoss, mae, mse } from "../../src/index.ts";

const N = 2 ** 21;
const zeros = new Float32Array(N);
const meanOf = (loss: typeof mae, prediction: Float32Array): number =>
  loss({ prediction, target: zeros.subarray(0, prediction.length) }, { engine: "wasm" });

/** The mean in twice the digits. */
function exact(values: Float32Array): number {
  let [sum, lost] = [0, 0];
  for (const value of values) {
    const x = Math.abs(value);
    const next = sum + x;
    lost += Math.abs(sum) >= x ? sum - next + x : x - next + sum;
    sum = next;
  }
  return (sum + lost) / values.length;
}

let state = 1;
const random = (): number => {
  state = (Math.imul(state, 1664525) + 1013904223) | 0;
  return (state >>> 8) / 2 ** 24;
};

describe("the mean of two million float32 values is right to 1e-7", () => {
  it.each<[string, (i: number) => number]>([
    ["random ones", () => random()],
    ["the same one, whose sums are rounded", () => 0.1],
    ["the same few again and again", (i) => [0.1, 0.7, 1.3, 0.3, 0.9, 1.1, 0.2][i % 7]],
    ["over many magnitudes", () => 2 ** (random() * 60 - 30)],
    ["rounded up in every first addition", (i) => (i % 8 < 4 ? 1 + 2 ** -23 : 2 ** -24 * 1.5)],
  ])("%s", (_, value) => {
    const values = Float32Array.from({ length: N }, (_, i) => value(i));
    const want = exact(values);
    expect(Math.abs(meanOf(mae, values) - want) / want).toBeLessThan(1e-7);
  });
});

it("losses that float32 holds, but not the sum of two, have a mean", () => {
  const square = Math.fround(Math.fround(1.6e19) ** 2); // 2.56e38
  for (const length of [1, 15, 16, 17, 4096, 5000])
    expect(meanOf(mse, new Float32Array(length).fill(1.6e19))).toBeCloseTo(square, -33);
});

it("a loss that is infinite is infinite, one that is NaN is NaN, wherever it stands", () => {
  for (const [bad, want] of [
    [1e20, Number.POSITIVE_INFINITY],
    [Number.NaN, Number.NaN],
  ]) {
    for (const place of [0, 5, 4095, 4096, 9999]) {
      const values = new Float32Array(10_000).fill(1);
      values[place] = bad;
      const { value, grads } = mse.valueAndGrad(
        { prediction: values, target: zeros.subarray(0, 10_000) },
        { engine: "wasm" },
      );
      expect(value).toBe(want);
      expect(grads.prediction.data[(place + 1) % 10_000]).toBe(Math.fround(2 / 10_000));
    }
  }
});

/** A sum of each row, beside what can be told from it. */
const rowSum = defineLoss({
  name: "rowSum",
  family: "regression",
  inputs: { x: "n c" },
  references: [],
  check: { inputs: { x: [[1, 2, -3]] }, value: 0 },
  expr: ({ x }) => x.sum("c"),
});

it("a row whose numbers cancel has a sum, though two of them are more than float32 holds", () => {
  for (const length of [4, 32, 33, 48, 64, 100, 1000]) {
    // Large numbers first, and then what takes them away.
    const half = length >> 1;
    const row = Array.from({ length }, (_, i) => (i < half ? 3e38 : i >= length - half ? -3e38 : 0));
    const x = [row, row.map((number) => -number)];
    const { value, grads } = rowSum.valueAndGrad(
      { x },
      { engine: "wasm", dtype: "float32", reduction: "sum" },
    );
    expect(value, `rows of ${length}`).toBe(0);
    expect(grads.x.data.every((slope) => slope === 1)).toBe(true);
  }
});

it("a row with an infinity has an infinite sum, and no other row", () => {
  const x = Array.from({ length: 5 }, () => new Array<number>(70).fill(1));
  x[2][69] = Number.POSITIVE_INFINITY;
  const sums = rowSum({ x }, { engine: "wasm", dtype: "float32", reduction: "none" });
  expect([...sums.data]).toEqual([70, 70, Number.POSITIVE_INFINITY, 70, 70]);
});
