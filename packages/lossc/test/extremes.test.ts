// No NaN and no Infinity comes out of finite, valid inputs: a search over extreme inputs of the whole catalogue.

import fc from "fast-check";
import { expect, it } from "vitest";
import type { FullInputSpec } from "../src/contract/types.ts";
import { losses } from "./vectors.ts";

const magnitudes = [0, 1e-300, 1e-30, 1e-8, 1e-3, 0.5, 1, 3, 50, 800, 1e4, 1e10, 1e150];
const extreme = fc.oneof(
  // Subnormal lengths have slopes beyond float64's largest number: there Infinity is right.
  fc.double({ min: -3, max: 3, noNaN: true }).map((x) => (Math.abs(x) < 1e-300 ? 0 : x)),
  fc.tuple(fc.constantFrom(...magnitudes), fc.constantFrom(-1, 1)).map(([size, sign]) => size * sign),
);
const sizes: Readonly<Record<string, number>> = { n: 4, c: 3, d: 2, p: 2, "...": 2 };

/** Losses that grow exponentially: at these extremes the true number itself
 * is beyond float64's largest. It may be Infinity there, and never NaN. */
const leaveTheRange = new Set(["exponential", "gaussianNll", "poissonNll"]);
/** Losses whose slope by a feature is a weight over the feature's length: that of 1e150 and 1e-300 is out of range. */
const moderate = new Set(["l2Softmax", "sphereFace"]);
const within = (x: number): number =>
  x === 0 ? x : Math.sign(x) * Math.min(1e100, Math.max(1e-100, Math.abs(x)));

const shapeOf = (spec: FullInputSpec): number[] =>
  spec.axes.split(" ").map((word) => Number(word) || sizes[word === "..." ? word : word.replace("...", "")]);

/** Valid numbers for an input, from its kind and domain. */
function numbersFor(spec: FullInputSpec, count: number): fc.Arbitrary<number[]> {
  const each = (one: fc.Arbitrary<number>) => fc.array(one, { minLength: count, maxLength: count });
  const byKind: Readonly<Record<string, () => fc.Arbitrary<number[]>>> = {
    classes: () => each(fc.integer({ min: 0, max: sizes.c - 1 })),
    index: () => each(fc.integer({ min: 0, max: spec.over ? sizes.c - 1 : 1 })),
    binary: () => each(fc.constantFrom(0, 1, 0.3)),
    sign: () => each(fc.constantFrom(-1, 1)),
  };
  const rows = <T>(row: fc.Arbitrary<T>, width: number) =>
    fc.array(row, { minLength: count / width, maxLength: count / width });
  const byDomain: Readonly<Record<string, () => fc.Arbitrary<number[]>>> = {
    probability: () => each(fc.constantFrom(1e-300, 1e-10, 0.5, 0.9, 1 - 1e-12)),
    // A true class of probability 0 costs Infinity, so predictions are never quite 0.
    distribution: () =>
      rows(
        spec.role === "model"
          ? fc.constantFrom<number[]>([1 - 1e-12, 1e-12, 1e-300], [0.5, 0.5, 1e-30], [0.2, 0.3, 0.5])
          : fc.constantFrom<number[]>([1, 0, 0], [0.5, 0.5, 0], [0.2, 0.3, 0.5]),
        3,
      ).map((found) => found.flat()),
    logDistribution: () =>
      rows(fc.constantFrom([-1e-12, -27.6, -1e4], [-Math.LN2, -Math.LN2, -1e10]), 3).map((found) =>
        found.flat(),
      ),
    positive: () => each(fc.constantFrom(1e-300, 1e-10, 0.5, 3, 1e10, 1e150)),
    nonNegative: () => each(fc.constantFrom(0, 1e-300, 1e-10, 0.5, 1, 3, 50, 1e10)),
    mask: () => each(fc.constantFrom(0, 1)),
    nonZero: () => each(fc.constantFrom(1e-10, -0.5, 3, 1e10)),
    aboveMinusOne: () => each(fc.constantFrom(1e-12 - 1, -0.5, 0, 1e-300, 3, 1e10, 1e150)),
    box: () =>
      rows(fc.tuple(extreme, extreme, extreme, extreme), 4).map((found) =>
        found.flatMap(([x, y, w, h]) => [x, y, x + Math.abs(w), y + Math.abs(h)]),
      ),
  };
  if (spec.kind !== "float") return byKind[spec.kind]();
  return typeof spec.domain === "string" ? byDomain[spec.domain]() : each(extreme);
}

it.each(losses.map((loss) => [loss.name, loss] as const))("%s is finite, value and gradient", (_, loss) => {
  const inputs = fc.record(
    Object.fromEntries(
      Object.entries(loss.inputs)
        .filter(([, { optional }]) => !optional)
        .map(([name, spec]) => {
          // Elementwise losses take any shape: four elements along their one axis.
          const shape = spec.axes === "..." ? [4] : shapeOf(spec);
          const count = shape.reduce((a, b) => a * b, 1);
          return [
            name,
            numbersFor(spec, count).map((data) => ({
              data: Float64Array.from(moderate.has(loss.name) ? data.map(within) : data),
              shape,
            })),
          ];
        }),
    ),
  );
  fc.assert(
    fc.property(inputs, (given) => {
      const { value, grads } = loss.valueAndGrad(given);
      const fine = leaveTheRange.has(loss.name) ? (x: number) => !Number.isNaN(x) : Number.isFinite;
      expect(value).toSatisfy(fine);
      for (const [name, { data }] of Object.entries(grads)) {
        expect(Array.from(data), name).toSatisfy((all: number[]) => all.every(fine));
      }
    }),
    { numRuns: 1000 },
  );
});
