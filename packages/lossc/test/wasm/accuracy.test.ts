// Accuracy of float32 kernels against the float64 reference, over the whole catalogue: pointwise losses within 4 units in the
// last place of each element's value and gradient, row losses of up to 1,000 classes within 1e-6; and a long mean.

import { describe, expect, it } from "vitest";
import { type AnyLoss, catalogue, mse } from "../../src/index.ts";
import { ulps } from "./kernel.ts";

type Spec = AnyLoss["inputs"][string];
let state = 1;
/** From 0 to 1. */
const random = (): number => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
};
const sign = (): number => (random() < 0.5 ? -1 : 1);
/** Of all sizes between two powers of ten. */
const between = (low: number, high: number): number => 10 ** (low + random() * (high - low));
/** Either way off by very little or by some. */
const off = (): number => sign() * between(-7, -1);
const oneOf = (...draws: readonly (() => number)[]): number => draws[Math.floor(random() * draws.length)]();
const data = (): number => (random() * 2 - 1) * between(-1.5, 1.5);
/** As data are, around whole numbers, where many losses bend, and of all sizes. */
const wide = (): number =>
  oneOf(
    data,
    data,
    () => Math.round(random() * 4 - 2) + off(),
    () => sign() * between(-30, 30),
  );
const positive = (): number =>
  oneOf(
    () => between(-1.5, 1.5),
    () => between(-1.5, 1.5),
    () => 1 + off(),
    () => between(-20, 20),
  );

const draws: Record<string, () => number> = {
  probability: () =>
    oneOf(
      random,
      random,
      () => between(-30, 0),
      () => 1 - between(-7, 0),
    ),
  positive,
  nonNegative: () => oneOf(() => Math.floor(random() * 20), positive),
  nonZero: () => sign() * positive(),
  aboveMinusOne: () => positive() - 1 + 2 ** -24,
  mask: () => Math.round(random()),
  binary: () => Math.round(random()),
  sign,
  logit: () => random() * 16 - 8,
  wide,
};
const drawOf = (
  { domain, kind }: Spec,
  params: Readonly<Record<string, unknown>>,
  float: string,
): (() => number) => {
  const known = typeof domain === "function" ? domain(params) : domain;
  return draws[known ?? kind] ?? draws[kind === "float" ? float : kind];
};

/** float32 inputs of one shape for every input that has to be given. */
function inputsOf({ inputs, params }: AnyLoss, shapeOf: (spec: Spec) => readonly number[], float = "wide") {
  const defaults = Object.fromEntries(Object.entries(params).map(([name, param]) => [name, param.default]));
  const needed = Object.entries(inputs).filter(([, spec]) => !spec.optional && !spec.instead);
  return Object.fromEntries(
    needed.map(([name, spec]) => {
      const shape = shapeOf(spec);
      const draw = drawOf(spec, defaults, float);
      const length = shape.reduce((a, b) => a * b, 1);
      return [name, { data: Float32Array.from({ length }, draw), shape }];
    }),
  );
}

/** Each loss and each gradient of both engines, from the same float32 numbers. */
function bothOf(loss: AnyLoss, inputs: ReturnType<typeof inputsOf>, options: object = {}) {
  const call = (engine: string, dtype: string) => {
    const { perSample, grads } = loss.valueAndGrad(inputs, {
      ...options,
      engine,
      dtype,
      reduction: "sum",
      perSample: true,
      validate: false,
    });
    return {
      value: perSample!.data,
      ...Object.fromEntries(Object.entries(grads).map(([k, { data }]) => [k, data])),
    };
  };
  const [got, want] = [call("wasm", "float32"), call("reference", "float64")] as Record<
    string,
    Float64Array
  >[];
  return Object.keys(want).map((name) => [name, got[name], want[name]] as const);
}

/** A region's loss is one number for all of its elements, each of whose slopes is a difference of sums. */
const ofRegions: ReadonlySet<string> = new Set(["segmentation"]);
const pointwise = [...catalogue.values()].filter(
  ({ family, inputs }) =>
    !ofRegions.has(family) && Object.values(inputs).every(({ axes }) => axes === "..." || axes === "n ..."),
);

/** Every fourth target near its prediction, or at the distances where losses bend. */
function bringNear({ prediction, target }: ReturnType<typeof inputsOf>, isFree: boolean): void {
  if (!prediction || !target) return;
  for (let i = 0; i < target.data.length; i += 4) {
    const distance = oneOf(
      () => between(-7, 0),
      () => 1 + off(),
      () => Math.fround(0.1),
    );
    const near = prediction.data[i] + sign() * distance;
    if (isFree || near > 0) target.data[i] = near;
  }
}

describe("each element's value and gradient is within 4 units in the last place of float32", () => {
  const cases = [1, 2, 3].flatMap((seed) => pointwise.map((loss) => [loss.name, seed, loss] as const));
  it.each(cases)("%s, draw %s", (_, seed, loss) => {
    state = seed;
    const inputs = inputsOf(loss, () => [20_000]);
    bringNear(inputs, loss.inputs.target?.domain === undefined);
    for (const [output, got, want] of bothOf(loss, inputs)) {
      let [worst, at] = [0, 0];
      for (let i = 0; i < want.length; i++) {
        const error = ulps("float32", got[i], want[i]);
        if (error > worst) [worst, at] = [error, i];
      }
      const where = Object.entries(inputs).map(([name, { data }]) => `${name} ${data[at]}`);
      expect(worst, `${output} at ${where}: ${got[at]}, not ${want[at]}`).toBeLessThanOrEqual(4);
    }
  });
});

const rows = [...catalogue.values()].filter(
  ({ inputs }) =>
    Object.values(inputs).some(({ axes }) => axes === "n... c") &&
    Object.values(inputs).every(
      ({ axes, kind, domain }) =>
        (/^n\.\.\.( c)?$/.test(axes) && kind !== "float") || (axes === "n... c" && domain === undefined),
    ),
);

/** What a loss multiplies its logits by, and with them the rounding of their differences. */
const scales: Readonly<Record<string, number>> = { ldam: 30 };

describe("each row's value and gradient is within 1e-6 of the row's largest, or of 1, for up to 1,000 classes", () => {
  it.each(rows.map((loss) => [loss.name, loss] as const))("%s", (name, loss) => {
    for (const c of [2, 10, 100, 1000]) {
      draws.index = draws.classes = () => Math.floor(random() * c);
      const n = Math.max(20, 20_000 / c);
      const inputs = inputsOf(loss, ({ axes }) => (axes === "n... c" ? [n, c] : [n]), "logit");
      for (const [output, got, want] of bothOf(loss, inputs)) {
        const row = want.length / n;
        let [worst, at] = [0, 0];
        for (let start = 0; start < want.length; start += row) {
          const scale = want.slice(start, start + row).reduce((most, x) => Math.max(most, Math.abs(x)), 1);
          for (let i = start; i < start + row; i++) {
            const error = Math.abs(got[i] - want[i]) / scale;
            if (!(error <= worst)) [worst, at] = [error, i];
          }
        }
        expect(worst, `${output} of ${c} classes: ${got[at]}, not ${want[at]}`).toBeLessThanOrEqual(
          1e-6 * (scales[name] ?? 1),
        );
      }
    }
  });
});

it("a mean of a hundred million float32 numbers is within 1e-7 of the exact one", {
  timeout: 240_000,
}, () => {
  const n = 100_000_000;
  const prediction = new Float32Array(n);
  // Whole numbers below 2^12: their squares are float32 numbers, and their sum is exact in whole numbers.
  let exact = 0n;
  for (let start = 0; start < n; start += 1_000_000) {
    let sum = 0;
    for (let i = start; i < start + 1_000_000; i++) {
      prediction[i] = Math.imul(i, 2654435761) >>> 20;
      sum += prediction[i] ** 2;
    }
    exact += BigInt(sum);
  }
  const want = Number(exact) / n;
  const got = mse({ prediction, target: new Float32Array(n) }, { engine: "wasm", validate: false });
  expect(Math.abs(got - want) / want).toBeLessThan(1e-7);
});
