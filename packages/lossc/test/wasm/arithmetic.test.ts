// Losses that compute in float64 between float32 inputs and results: what the property does, and what it leaves as it is.

import { describe, expect, it } from "vitest";
import { combineLosses } from "../../src/contract/combine.ts";
import { type AnyLoss, catalogue, defineLoss, type LossError } from "../../src/index.ts";
import { loops } from "../../src/inspect.ts";
import { ulps } from "./kernel.ts";

const excess = (arithmetic?: "float64"): AnyLoss =>
  defineLoss({
    name: "excess",
    family: "regression",
    inputs: { prediction: "...", target: "..." },
    params: { limit: { default: 0.1, doc: "What costs nothing." } },
    ...(arithmetic && { arithmetic }),
    expr: ({ prediction, target, limit }) => prediction.exp().sub(target.exp()).sub(limit),
  }) as unknown as AnyLoss;

/** The largest error of a float32 kernel against the float64 reference, in units in the last place. */
function worst(loss: AnyLoss, inputs: Record<string, Float32Array>): number {
  const call = (engine: string, dtype: string) =>
    loss.valueAndGrad(inputs, { engine, dtype, reduction: "sum", perSample: true });
  const [got, want] = [call("wasm", "float32"), call("reference", "float64")];
  const arrays = (one: typeof got) => [one.perSample!, ...Object.values(one.grads)].map(({ data }) => data);
  const errors = arrays(got).flatMap((array, k) =>
    Array.from(array, (x, i) => ulps("float32", x, arrays(want)[k][i])),
  );
  return Math.max(...errors);
}

/** Near the limit, from every rest of a vector on. */
const near = (length: number): Record<string, Float32Array> => ({
  prediction: Float32Array.from({ length }, (_, i) => Math.log(1.1001 + i * 1e-5)),
  target: Float32Array.from({ length }, (_, i) => i * 1e-6),
});

describe('arithmetic: "float64"', () => {
  it("keeps the digits that a difference needs, in every length", () => {
    for (const length of [1, 2, 3, 5, 8, 15, 16, 17, 33, 1000]) {
      expect(worst(excess("float64"), near(length)), `${length} numbers`).toBeLessThanOrEqual(1);
    }
    expect(worst(excess(), near(1000))).toBeGreaterThan(100);
  });

  it("holds for a combination with a part that asks for it", () => {
    const both = combineLosses([
      { loss: excess("float64"), factor: 1 },
      { loss: catalogue.get("mse")!, factor: 0 },
    ]);
    expect(worst(both, near(100))).toBeLessThanOrEqual(1);
  });

  it("is said in the loop program", () => {
    expect(loops(catalogue.get("welsch")!)).toMatch(/^arithmetic float64\n/);
    expect(loops(catalogue.get("mse")!)).not.toContain("arithmetic");
  });

  it("leaves the bits of weights, masks and counts as they are", () => {
    const inputs = near(100);
    const weight = Float32Array.from({ length: 100 }, (_, i) => i % 3);
    const [plain, wide] = [excess(), excess("float64")].map((loss) =>
      loss.valueAndGrad(inputs, { weight, engine: "wasm" }),
    );
    expect([wide.weightSum, wide.count]).toEqual([plain.weightSum, plain.count]);
  });

  it.each([
    ["float16", { prediction: "...", target: "..." }, /"float64", or left out/],
    ["float64", { logits: "n... c" }, /single elements, and input "logits" is over "n... c"/],
  ])("%s over %o is refused where there is none", (arithmetic, inputs, message) => {
    const define = () =>
      defineLoss({
        name: "own",
        family: "regression",
        inputs: inputs as { prediction: string },
        arithmetic: arithmetic as "float64",
        expr: ({ prediction }) => prediction,
      });
    expect(define).toThrow(message);
    expect(define).toThrow(expect.objectContaining({ code: "definition" } satisfies Partial<LossError>));
  });
});

const floats = [0, -0, 1, -1, 1e-45, 3e38, -3e38, 800, -800, Infinity, -Infinity, Number.NaN];
/** What an input of a domain or a kind may be, and NaN. */
const allowed: Readonly<Record<string, (x: number) => boolean>> = {
  positive: (x) => !(x <= 0),
  nonNegative: (x) => !(x < 0),
  aboveMinusOne: (x) => !(x <= -1),
  binary: (x) => !(x < 0 || x > 1),
};
const pointwise = [...catalogue.values()].filter(({ name }) =>
  loops(catalogue.get(name)!).startsWith("arithmetic"),
);

describe("zeros, infinities and NaN give what the reference gives", () => {
  it.each(pointwise.map((loss) => [loss.name, loss] as const))("%s", (_, loss) => {
    const names = Object.entries(loss.inputs).filter(([, spec]) => !spec.optional && !spec.instead);
    const defaults = Object.fromEntries(
      Object.entries(loss.params).map(([name, param]) => [name, param.default]),
    );
    const choices = names.map(([, { domain, kind }]) => {
      const known = typeof domain === "function" ? domain(defaults) : domain;
      return floats.filter(allowed[known ?? kind] ?? (() => true));
    });
    // Every choice of each input with every one of the others.
    const length = choices.reduce((all, { length }) => all * length, 1);
    const strides = choices.map((_, k) => choices.slice(0, k).reduce((all, { length }) => all * length, 1));
    const inputs = Object.fromEntries(
      names.map(([name], k) => [
        name,
        Float32Array.from({ length }, (_, i) => choices[k][Math.floor(i / strides[k]) % choices[k].length]),
      ]),
    );
    const call = (engine: string, dtype: string) =>
      loss.valueAndGrad(inputs, { engine, dtype, reduction: "sum", perSample: true, validate: false });
    const [got, want] = [call("wasm", "float32"), call("reference", "float64")];
    const classOf = (x: number): string =>
      Number.isFinite(Math.fround(x)) ? "finite" : String(Math.fround(x));
    const losses = want.perSample!.data;
    const different = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      Array.from(a, (x, i) => [classOf(x), classOf(b[i]), ...names.map(([name]) => inputs[name][i])]).filter(
        ([x, y]) => x !== y,
      );
    expect(different(got.perSample!.data, losses)).toEqual([]);
    for (const [name, { data }] of Object.entries(got.grads)) {
      // A sample whose loss is NaN may have NaN for a slope of 0.
      const wanted = Array.from(want.grads[name].data, (x, i) =>
        Number.isNaN(losses[i]) && Number.isNaN(data[i]) ? data[i] : x,
      );
      expect(different(data, wanted), name).toEqual([]);
    }
  });
});
