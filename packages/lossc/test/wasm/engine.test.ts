// The WASM engine against the reference: float32, and sizes that leave every possible rest of a vector.

import { describe, expect, it } from "vitest";
import { catalogue, LossError, type TensorInput } from "../../src/index.ts";
import { flat, type Nested, shapeOf, vectorNames, vectorsOf } from "../vectors.ts";
import { watchKernelSizes } from "./modules.ts";

type Inputs = Record<string, TensorInput>;

const asFloat32 = (inputs: Readonly<Record<string, Nested>>): Inputs =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, nested]) => {
      const data = Float32Array.from(flat(nested));
      return [name, typeof nested === "number" ? nested : { data, shape: shapeOf(nested) }];
    }),
  );

/** The largest difference, as a share of the largest number, or of 1: where terms cancel to 0, float32 leaves its last
 * bits (that tiny losses keep their digits is tested in float64). Numbers beyond float32's range are Infinity. */
function distance(given: ArrayLike<number>, exact: ArrayLike<number>, narrow: boolean): number {
  if (given.length !== exact.length) return Number.POSITIVE_INFINITY;
  const [got, want] = narrow ? [Float32Array.from(given), Float32Array.from(exact)] : [given, exact];
  let [largest, worst] = [1, 0];
  for (let i = 0; i < want.length; i++)
    if (Number.isFinite(want[i])) largest = Math.max(largest, Math.abs(want[i]));
  for (let i = 0; i < want.length; i++) {
    if (Object.is(got[i], want[i]) || got[i] === want[i] || (Number.isNaN(got[i]) && Number.isNaN(want[i])))
      continue;
    const error = Math.abs(got[i] - want[i]) / largest;
    worst = Math.max(worst, Number.isNaN(error) ? Number.POSITIVE_INFINITY : error);
  }
  return worst;
}

/** A combination whose parts have different samples has no loss per sample. */
function refuses(run: () => unknown): boolean {
  try {
    run();
    return false;
  } catch (error) {
    if (error instanceof LossError && error.code === "unsupported") return true;
    throw error;
  }
}

function differences(name: string, inputs: Inputs, options: object): Record<string, number> {
  const loss = catalogue.get(name)!;
  const noSamples = refuses(() =>
    loss.valueAndGrad(inputs, { ...options, engine: "reference", perSample: true }),
  );
  const call = (engine: string) => loss.valueAndGrad(inputs, { ...options, engine, perSample: !noSamples });
  const [got, want] = [call("wasm"), call("reference")];
  const narrow = Object.values(want.grads).some(({ data }) => data instanceof Float32Array);
  return {
    value: distance([got.value], [want.value], narrow),
    weightSum: distance([got.weightSum], [want.weightSum], narrow),
    count: distance([got.count], [want.count], narrow),
    ...(want.perSample && { perSample: distance(got.perSample!.data, want.perSample.data, narrow) }),
    ...Object.fromEntries(
      Object.entries(want.grads).map(([input, { data }]) => [
        input,
        distance(got.grads[input].data, data, narrow),
      ]),
    ),
  };
}

const beyond = (found: Record<string, number>, tolerance: number): [string, number][] =>
  Object.entries(found).filter(([, error]) => !(error <= tolerance));

/** Where float32 itself has fewer digits: 1 − cos θ of an angle θ near 0. */
const tolerances: Readonly<Record<string, number>> = {
  "arcFace: near the true class": 1e-4,
  "arcFace: nearer to the true class": 0.02,
  "combinedMargin: near the true class": 1e-4,
  "combinedMargin: along and opposite to the true class": 1e-4,
};

/** Cases of which a part is beyond float32's range though the loss is not: e^(−logVariance). */
const beyondRange: ReadonlySet<string> = new Set(["gaussianNll: a small and a large logVariance"]);

describe("float32 agrees with the reference on the same float32 inputs", () => {
  for (const name of vectorNames) {
    const cases = vectorsOf(name).cases.filter(
      (one) =>
        (catalogue.get(name)!.family !== "penalty" || one.options) &&
        !beyondRange.has(`${name}: ${one.name}`),
    );
    it.each(cases.map((one) => [one.name, one] as const))(`${name}: %s`, (_, one) => {
      const { perSample: _perSample, ...options } = {
        ...one.options,
        dtype: "float32",
        validate: false,
      } as Record<string, unknown>;
      expect(
        beyond(differences(name, asFloat32(one.inputs), options), tolerances[`${name}: ${one.name}`] ?? 2e-5),
      ).toEqual([]);
    });
  }
});

describe("every rest of a vector", () => {
  let state = 7;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 8) / 2 ** 24;
  };
  const floats = (precision: string, shape: readonly number[], draw: () => number) => {
    const length = shape.reduce((a, b) => a * b, 1);
    return {
      data:
        precision === "float32" ? Float32Array.from({ length }, draw) : Float64Array.from({ length }, draw),
      shape,
    };
  };
  const labels = (n: number, classes: number) =>
    Int32Array.from({ length: n }, () => Math.floor(random() * classes));
  const draw = () => random() * 6 - 3;
  const box = (precision: string, n: number) => {
    const { data, shape } = floats(precision, [n, 4], random);
    for (let i = 0; i < n; i++) {
      data[i * 4 + 2] += data[i * 4];
      data[i * 4 + 3] += data[i * 4 + 1];
    }
    return { data, shape };
  };
  const makers: Record<string, (precision: string, n: number, c: number) => Inputs> = {
    huber: (p, n) => ({ prediction: floats(p, [n], draw), target: floats(p, [n], draw) }),
    bceWithLogits: (p, n, c) => ({ logits: floats(p, [n, c], draw), target: floats(p, [n, c], random) }),
    crossEntropy: (p, n, c) => ({ logits: floats(p, [n, c], draw), target: labels(n, c) }),
    sparsemaxLoss: (p, n, c) => ({ logits: floats(p, [n, c], draw), target: labels(n, c) }),
    lovaszHinge: (p, n, c) => ({
      logits: floats(p, [n, c], draw),
      target: floats(p, [n, c], () => Math.round(random())),
    }),
    lovaszSoftmax: (p, n, c) => ({
      logits: floats(p, [2, n, c], draw),
      target: { data: labels(2 * n, c), shape: [2, n] },
    }),
    multiclassHinge: (p, n, c) => ({ logits: floats(p, [n, c], draw), target: labels(n, c) }),
    giou: (p, n) => ({ prediction: box(p, n), target: box(p, n) }),
    tripletBatchHard: (p, n, c) => ({ embeddings: floats(p, [n, c], draw), labels: labels(n, 3) }),
    arcFace: (p, n, c) => ({
      features: floats(p, [n, c], draw),
      weights: floats(p, [2 * n, c], draw),
      labels: labels(n, 2 * n),
    }),
    center: (p, n, c) => ({
      features: floats(p, [n, c], draw),
      centers: floats(p, [4, c], draw),
      labels: labels(n, 4),
    }),
  };
  const sampleShape = (name: string, n: number, c: number) =>
    name === "bceWithLogits" ? [n, c] : name === "lovaszSoftmax" ? [2] : [n];
  const sizes = [
    [1, 1],
    [2, 3],
    [3, 2],
    [5, 7],
    [8, 8],
    [13, 5],
    [17, 33],
    [31, 4],
    [64, 9],
    [70, 130],
  ] as const;
  for (const precision of ["float32", "float64"]) {
    it.each(Object.keys(makers))(`%s in ${precision}`, (name) => {
      for (const [n, c] of sizes) {
        const inputs = makers[name](precision, n, c);
        const weight = floats(precision, sampleShape(name, n, c), random);
        for (const options of [{}, { weight }]) {
          const found = differences(name, inputs, { ...options, validate: false });
          expect([n, c, ...beyond(found, precision === "float32" ? 1e-4 : 1e-11)]).toEqual([n, c]);
        }
      }
    });
  }

  it.each([1, 4095, 4096, 4097, 10_001])("%s elements in blocks", (n) => {
    const found = differences("huber", makers.huber("float32", n, 1), {});
    expect(beyond(found, 1e-6)).toEqual([]);
  });
});

watchKernelSizes();
