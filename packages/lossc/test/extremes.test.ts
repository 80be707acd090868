// No NaN and no Infinity comes out of finite, valid inputs: a search over 10,000 extreme samples of every loss.

import fc from "fast-check";
import { expect, it } from "vitest";
import { type Random, randomFrom } from "../../../tools/examples/random.ts";
import type { FullInputSpec } from "../src/contract/types.ts";
import { type AnyLoss, accumulate, LossError } from "../src/index.ts";
import { losses } from "./vectors.ts";

const SAMPLES = 10_000;
/** Samples of one call: where they meet few, so that there are many batches. */
const TOGETHER = 4;
const APART = 100;

// Subnormal lengths have slopes beyond float64's largest number: there Infinity is right.
const magnitudes = [0, 1e-300, 1e-30, 1e-8, 1e-3, 0.5, 1, 3, 50, 800, 1e4, 1e10, 1e150];
/** Half ordinary numbers, half of any size; small whole numbers among them, so that some coincide. */
function extreme({ uniform, among }: Random): number {
  if (uniform(0, 1) < 0.5) return among(magnitudes) * among([-1, 1]);
  return uniform(0, 1) < 0.2 ? among([-2, -1, 0, 1, 2]) : uniform(-3, 3);
}

/** Losses that grow exponentially: at these extremes the true number itself
 * is beyond float64's largest. It may be Infinity there, and never NaN. */
const leaveTheRange = new Set(["exponential", "gaussianNll", "poissonNll"]);
/** Losses whose slope by a feature is a weight over the feature's length: that of 1e150 and 1e-300 is out of range. */
const moderate = new Set(["l2Softmax", "sphereFace"]);
const within = (x: number): number =>
  x === 0 ? x : Math.sign(x) * Math.min(1e100, Math.max(1e-100, Math.abs(x)));

const sizes: Readonly<Record<string, number>> = { c: 3, d: 2, p: 2, w: 4 };

function shapeOf({ axes }: FullInputSpec, samples: number): number[] {
  if (axes === "...") return [samples];
  return axes.split(" ").map((word) => {
    const name = word.replace("...", "");
    return name === "n" ? samples : (sizes[name] ?? (Number(word) || 2));
  });
}

const repeated = (count: number, one: () => number): number[] => Array.from({ length: count }, one);
const rows = (count: number, width: number, one: () => readonly number[]): number[] =>
  Array.from({ length: count / width }, one).flat();

type Fill = (draw: Random, count: number, spec: FullInputSpec) => number[];
const each =
  (...numbers: number[]): Fill =>
  ({ among }, count) =>
    repeated(count, () => among(numbers));

/** Valid numbers for an input, by its kind. */
const byKind: Readonly<Record<string, Fill>> = {
  classes: ({ uniform }, count) => repeated(count, () => Math.floor(uniform(0, sizes.c))),
  index: ({ uniform }, count, { over }) => repeated(count, () => Math.floor(uniform(0, over ? sizes.c : 2))),
  binary: each(0, 1, 0.3),
  sign: each(-1, 1),
};
/** The same for floats, by their domain. */
const byDomain: Readonly<Record<string, Fill>> = {
  probability: each(1e-300, 1e-10, 0.5, 0.9, 1 - 1e-12),
  // A true class of probability 0 costs Infinity, so predictions are never quite 0.
  distribution: ({ among }, count, { role }) =>
    rows(count, 3, () =>
      role === "model"
        ? among([
            [1 - 1e-12, 1e-12, 1e-300],
            [0.5, 0.5, 1e-30],
            [0.2, 0.3, 0.5],
          ])
        : among([
            [1, 0, 0],
            [0.5, 0.5, 0],
            [0.2, 0.3, 0.5],
          ]),
    ),
  logDistribution: ({ among }, count) =>
    rows(count, 3, () =>
      among([
        [-1e-12, -27.6, -1e4],
        [-Math.LN2, -Math.LN2, -1e10],
      ]),
    ),
  positive: each(1e-300, 1e-10, 0.5, 3, 1e10, 1e150),
  nonNegative: each(0, 1e-300, 1e-10, 0.5, 1, 3, 50, 1e10),
  mask: each(0, 1),
  nonZero: each(1e-10, -0.5, 3, 1e10),
  aboveMinusOne: each(1e-12 - 1, -0.5, 0, 1e-300, 3, 1e10, 1e150),
  box: (draw, count) =>
    rows(count, 4, () => {
      const [x, y, width, height] = repeated(4, () => extreme(draw));
      return [x, y, x + Math.abs(width), y + Math.abs(height)];
    }),
};
const anyNumber: Fill = (draw, count) => repeated(count, () => extreme(draw));

function inputsOf(loss: AnyLoss, samples: number, seed: number) {
  const draw = randomFrom(seed); // fast-check draws the seed, and says which one failed
  const given = Object.entries(loss.inputs).filter(([, { optional }]) => !optional);
  return Object.fromEntries(
    given.map(([name, spec]) => {
      const shape = shapeOf(spec, samples);
      const count = shape.reduce((a, b) => a * b, 1);
      const fill = spec.kind === "float" ? (byDomain[String(spec.domain)] ?? anyNumber) : byKind[spec.kind];
      const numbers = fill(draw, count, spec);
      const data = Float64Array.from(moderate.has(loss.name) ? numbers.map(within) : numbers);
      return [name, { data, shape }];
    }),
  );
}

/** Whether samples meet, or there are none: what cannot be accumulated. */
function meet(loss: AnyLoss): boolean {
  try {
    accumulate(loss, { engine: "reference" }).update(inputsOf(loss, TOGETHER, 1));
    return false;
  } catch (error) {
    if (error instanceof LossError && error.code === "unsupported") return true;
    throw error;
  }
}

it.each(losses.map((loss) => [loss.name, loss] as const))("%s is finite, value and gradient", (_, loss) => {
  const samples = meet(loss) ? TOGETHER : APART;
  const fine = leaveTheRange.has(loss.name) ? (x: number) => !Number.isNaN(x) : Number.isFinite;
  let seen = 0;
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      // A sum of a hundred numbers of 1e307 is beyond all numbers though none of them is, so values are looked at one by one.
      const { value, perSample, grads } = loss.valueAndGrad(inputsOf(loss, samples, seed), {
        reduction: "sum",
        ...(samples === APART && { perSample: true }),
      });
      seen += samples;
      for (const one of perSample?.data ?? [value])
        if (!fine(one)) expect(one, `seed ${seed}`).toSatisfy(fine);
      for (const [name, { data }] of Object.entries(grads)) {
        const wrong = data.findIndex((x) => !fine(x));
        expect(wrong, `seed ${seed}: d/d${name} has ${data[wrong]} at place ${wrong}`).toBe(-1);
      }
    }),
    { numRuns: SAMPLES / samples },
  );
  expect(seen).toBeGreaterThanOrEqual(SAMPLES);
});
