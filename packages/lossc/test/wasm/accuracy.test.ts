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
/** Mostly as data are, some far out. */
const wide = (): number => (random() * 2 - 1) * 10 ** (random() * 3 - 1.5);

const draws: Record<string, () => number> = {
  probability: random,
  positive: () => 10 ** (random() * 3 - 1.5),
  nonNegative: () => Math.floor(random() * 20),
  nonZero: () => (random() < 0.5 ? -1 : 1) * 10 ** (random() * 3 - 1.5),
  aboveMinusOne: () => 10 ** (random() * 4 - 2) - 0.9,
  mask: () => Math.round(random()),
  binary: () => Math.round(random()),
  sign: () => Math.sign(random() - 0.5),
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

const pointwise = [...catalogue.values()].filter(({ inputs }) =>
  Object.values(inputs).every(({ axes }) => axes === "..."),
);

/** Pointwise losses that float32 itself takes further than 4 units, how far, and what does it. */
const further: Readonly<Record<string, readonly [units: number, why: string]>> = {
  barron: [6, "a power after a root and a quotient"],
  binaryFocal: [8, "a power of a sigmoid times a logarithm"],
  cauchy: [6, "the rounded square is the argument of log1p"],
  gemanMcClure: [8, "a quotient of two rounded squares, squared"],
  gaussianNll: [32, "the slope by the variance is a difference of parts of 1/variance"],
  logCosh: [10, "a difference of softplus and log 2"],
  msle: [6, "a difference of logarithms, squared"],
  poissonNll: [6, "a difference of a count's product and an exponential"],
  powerBce: [8, "a power of a sigmoid over a sum of such powers"],
  pseudoHuber: [6, "the rounded square is the argument of a root"],
};
/** Those that take the difference of numbers near each other, or the exponential of a rounded large one: their error is
 * a few units of the parts, not of the difference. */
const cancelling: ReadonlySet<string> = new Set([
  "asymmetric",
  "epsilonInsensitive",
  "gaussianNll",
  "msle",
  "poissonNll",
  "welsch",
]);

describe("each element's value and gradient is within 4 units in the last place of float32", () => {
  it.each(pointwise.map((loss) => [loss.name, loss] as const))("%s", (name, loss) => {
    const inputs = inputsOf(loss, () => [20_000]);
    const [most] = further[name] ?? [4];
    for (const [output, got, want] of bothOf(loss, inputs)) {
      let [worst, at] = [0, 0];
      for (let i = 0; i < want.length; i++) {
        const part = cancelling.has(name)
          ? Math.max(1, ...Object.values(inputs).map(({ data }) => Math.abs(data[i])))
          : 0;
        const error =
          Math.abs(want[i]) < part
            ? Math.abs(got[i] - want[i]) / (part * 2 ** -23)
            : ulps("float32", got[i], want[i]);
        if (error > worst) [worst, at] = [error, i];
      }
      const where = Object.entries(inputs).map(([name, { data }]) => `${name} ${data[at]}`);
      expect(worst, `${output} at ${where}: ${got[at]}, not ${want[at]}`).toBeLessThanOrEqual(most);
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
