// Kernels that are kept: engine-owned arrays, the numbers of a plain call, and an end.

import { describe, expect, it } from "vitest";
import { compile, crossEntropy, huber } from "../../src/index.ts";

const logits = Float32Array.from({ length: 24 }, (_, i) => Math.sin(i * 3) * 4);
const target = [0, 3, 2, 1, 1, 0];

describe.each(["wasm", "reference"])("compile(…, { engine: %o })", (engine) => {
  it("gives the numbers of a plain call, run after run", () => {
    const kernel = compile(crossEntropy, { shape: { logits: [6, 4], target: [6] }, engine });
    kernel.inputs.logits.set(logits);
    kernel.inputs.target.set(target);
    const plain = crossEntropy.valueAndGrad(
      { logits: { data: logits, shape: [6, 4] }, target },
      { engine: engine as "wasm" },
    );
    for (let round = 0; round < 3; round++) {
      const { value, count, weightSum } = kernel.run();
      expect([value, count, weightSum]).toEqual([plain.value, 6, 6]);
      expect([...kernel.grads.logits.data]).toEqual([...plain.grads.logits.data]);
    }
    expect(kernel.grads.logits.shape).toEqual([6, 4]);
  });

  it("can be read as a listing that names what it gives", () => {
    const { listing } = compile(huber, { shape: { prediction: [3], target: [3] }, engine });
    for (const name of ["prediction", "delta", "grad.prediction", "value", "count"])
      expect(listing).toContain(name);
  });

  it("takes arrays and options", () => {
    const kernel = compile(huber, {
      shape: { prediction: [3], target: [3] },
      options: { delta: 2, weight: [1, 0, 1] },
      engine,
    });
    expect(kernel.run({ prediction: [1, 2, 9], target: [0, 0, 0] }).value).toBe((0.5 + 16) / 2);
    kernel.inputs.weight.fill(0);
    expect(kernel.run()).toEqual({ value: 0, weightSum: 0, count: 0 });
    expect([...kernel.grads.prediction.data]).toEqual([0, 0, 0]);
  });

  it("runs no more once disposed of", () => {
    const kernel = compile(huber, { shape: { prediction: [3], target: [3] }, engine });
    kernel.dispose();
    expect(() => kernel.run()).toThrow(/disposed/);
  });
});

it("a kernel gives NaN for a label that is none, never a silent class 0", () => {
  const kernel = compile(crossEntropy, { shape: { logits: [6, 4], target: [6] } });
  for (const wrong of [7, -1, Number.NaN]) {
    expect(kernel.run({ logits, target: [0, 1, wrong, 3, 2, 1] }).value).toBe(Number.NaN);
  }
});

it("a plain call writes into the arrays it is given", () => {
  const [prediction, out] = [Float32Array.from({ length: 5000 }, (_, i) => i / 1000), new Float32Array(5000)];
  const inputs = { prediction, target: new Float32Array(5000) };
  const { grads } = huber.valueAndGrad(inputs, { engine: "wasm", out: { prediction: out } });
  expect(grads.prediction.data).toBe(out);
  expect([...out]).toEqual([...huber.valueAndGrad(inputs, { engine: "wasm" }).grads.prediction.data]);
});
