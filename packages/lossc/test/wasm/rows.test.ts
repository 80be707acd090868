// Rows in order: places and running sums of whole rows and of the whole batch, in losses of one's own.

import { afterAll, describe, expect, it } from "vitest";
import { stopThreads } from "../../src/backends/wasm/threads.ts";
import { defineLoss, tukeyBiweight } from "../../src/index.ts";
import { iota, size, where } from "../../src/language/index.ts";
import { noise } from "../lower/numbers.ts";

afterAll(() => stopThreads());

/** The mean of the half of the batch with the smallest errors. */
const trimmed = defineLoss({
  name: "trimmed",
  family: "regression",
  inputs: { prediction: "n", target: "n" },
  references: [],
  check: { inputs: { prediction: [1, 2, 10, 4], target: [0, 0, 0, 0] }, value: 2.5 },
  expr({ prediction, target }) {
    const errors = prediction.sub(target).square();
    const sorted = errors.inOrder(errors.order("n"), "n", "place");
    const smallHalf = iota("place").mul(2).ge(size("n"));
    const total = where(smallHalf, sorted, 0).sum("place");
    return errors.mul(0).add(total.div(size("n")).mul(2));
  },
});

const call = (engine: "wasm" | "reference", prediction: Float64Array, target: Float64Array) =>
  trimmed.valueAndGrad({ prediction, target }, { engine });

describe("a batch in order", () => {
  it.each([1, 2, 3, 7, 64, 1000])(
    "a trimmed mean of %s samples has the reference's value and gradient",
    (n) => {
      const [prediction, target] = [noise(n, 1), noise(n, 2)];
      const [got, want] = [call("wasm", prediction, target), call("reference", prediction, target)];
      expect(got.engine).toBe("wasm");
      expect(got.value).toBeCloseTo(want.value, 12);
      for (const [i, slope] of want.grads.prediction.data.entries())
        expect(got.grads.prediction.data[i]).toBeCloseTo(slope, 12);
    },
  );

  it("equal numbers keep their order, NaN stands first, infinities where they belong", () => {
    const prediction = Float64Array.from([1, Number.NaN, 1, Number.NEGATIVE_INFINITY, 0, -0, 1, Number.NaN]);
    const target = new Float64Array(8);
    expect([...call("wasm", prediction, target).grads.prediction.data]).toEqual([
      ...call("reference", prediction, target).grads.prediction.data,
    ]);
  });

  it("a median over a batch that several threads fill is the same as one thread's", () => {
    const n = 600_001;
    const [prediction, target] = [Float32Array.from(noise(n, 3)), new Float32Array(n)];
    const inputs = { prediction, target };
    const reference = tukeyBiweight(inputs, { scale: "mad", engine: "reference" });
    for (let round = 0; round < 3; round++) {
      expect(tukeyBiweight(inputs, { scale: "mad", engine: "wasm" })).toBeCloseTo(reference, 6);
    }
  });
});
