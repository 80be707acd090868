// Helpers beside the losses, against published numbers and definitions.

import { describe, expect, it } from "vitest";
import {
  activations,
  alphaLowerBound,
  annealedLambda,
  catalogue,
  centerUpdate,
  classWeights,
  tukeyBiweight,
  weightScale,
} from "../src/index.ts";

describe("classWeights", () => {
  it('balanced(labels, c) is N / (C · count), and what classWeight: "balanced" uses', () => {
    const labels = [0, 0, 0, 1];
    expect(classWeights.balanced(labels, 3)).toEqual([4 / 9, 4 / 3, 0]);
    const inputs = {
      logits: [
        [1, 0, 0],
        [0, 2, 1],
        [0, 0, 1],
        [1, 1, 0],
      ],
      target: labels,
    };
    const crossEntropy = catalogue.get("crossEntropy")!;
    expect(crossEntropy(inputs, { classWeight: classWeights.balanced(labels, 3) })).toBe(
      crossEntropy(inputs, { classWeight: "balanced" }),
    );
  });
  it("effectiveNumber(labels, c, beta) is equal at beta 0 and inverse frequency as beta goes to 1", () => {
    const labels = [0, 0, 0, 1];
    expect(classWeights.effectiveNumber(labels, 2, 0)).toEqual([1, 1]);
    const [a, b] = classWeights.effectiveNumber(labels, 2, 1 - 1e-12);
    expect(b / a).toBeCloseTo(3, 9);
    expect(a + b).toBeCloseTo(2, 14);
    // (1 − β)/(1 − βⁿ) at β = ½: 1/(1 + ½ + ¼) and 1.
    const [c, d] = classWeights.effectiveNumber(labels, 2, 0.5);
    expect(d / c).toBeCloseTo(1.75, 14);
  });
  it("a label that is no class is named with its place", () => {
    expect(() => classWeights.balanced([0, 3], 3)).toThrow(/label 3 at row 1, but there are 3 classes/);
    expect(() => classWeights.effectiveNumber([0], 1, 1)).toThrow(/"beta" is 1/);
  });
});

describe("centerUpdate", () => {
  const features = [
    [1, 0],
    [0, 1],
    [2, 2],
  ];
  it("moves each centre by α·Σ(c − x)/(1 + n)", () => {
    const { data, shape } = centerUpdate(
      features,
      [0, 0, 1],
      [
        [0, 0],
        [0, 0],
      ],
    );
    expect(shape).toEqual([2, 2]);
    const expected = [1 / 6, 1 / 6, 0.5, 0.5];
    expected.forEach((value, i) => {
      expect(data[i]).toBeCloseTo(value, 15);
    });
  });
  it("leaves the centre of a class that does not occur", () => {
    expect(
      Array.from(
        centerUpdate(
          features,
          [0, 0, 0],
          [
            [0, 0],
            [7, 8],
          ],
        ).data.slice(2),
      ),
    ).toEqual([7, 8]);
  });
  it("shapes that do not fit and labels out of range are errors", () => {
    expect(() => centerUpdate(features, [0, 0], [[0, 0]])).toThrow(/must be \[n, d\], \[n\] and \[c, d\]/);
    expect(() =>
      centerUpdate(
        features,
        [0, 0, 2],
        [
          [0, 0],
          [0, 0],
        ],
      ),
    ).toThrow(/label 2 at row 2/);
  });
});

it("annealedLambda(step) falls from base to min", () => {
  expect(annealedLambda(0)).toBe(1000);
  expect(annealedLambda(100)).toBeCloseTo(1000 / 13, 12);
  expect(annealedLambda(1e6)).toBe(5);
  expect(annealedLambda(3, { base: 8, gamma: 1, power: 2, min: 0 })).toBe(0.5);
});

it("alphaLowerBound(p, C) is the paper's number", () => {
  expect(alphaLowerBound(0.9, 10)).toBeCloseTo(4.276666119016055, 14);
  expect(() => alphaLowerBound(1, 10)).toThrow(/"p" is 1/);
  expect(() => alphaLowerBound(0.9, 2)).toThrow(/"classes" is 2/);
});

describe("weightScale", () => {
  it("is 1.4826 median absolute deviations, per column", () => {
    expect(weightScale([1, 2, 4, 100])).toEqual([1.4826 * 1.5]);
    expect(
      weightScale([
        [1, 0],
        [2, 0],
        [4, 0],
      ]),
    ).toEqual([1.4826, 0]);
    expect(weightScale([1, Number.NaN])).toEqual([Number.NaN]);
  });
  it('is the scale "mad" of tukeyBiweight', () => {
    const prediction = [1, 2, 4, 100];
    const target = [0, 0, 0, 0];
    const [scale] = weightScale(prediction);
    expect(tukeyBiweight({ prediction, target }, { scale: "mad" })).toBeCloseTo(
      tukeyBiweight({ prediction, target }, { scale }),
      14,
    );
  });
});

describe("activations", () => {
  const { softmax, logSoftmax, leakyRelu, relu, ...others } = activations;
  it.each(Object.entries({ ...others, relu, leakyRelu: leakyRelu(0.1) }))(
    "%s: the derivative is the central difference",
    (_, { value, derivative }) => {
      for (const x of [-3, -0.5, 0.7, 4]) {
        expect(derivative(x)).toBeCloseTo((value(x + 1e-6) - value(x - 1e-6)) / 2e-6, 8);
      }
    },
  );
  it.each(Object.entries({ softmax, logSoftmax }))("%s: the Jacobian is the central difference", (_, f) => {
    const row = [1, -0.5, 2];
    row.forEach((_x, j) => {
      const moved = (by: number) => f.value(row.map((x, i) => (i === j ? x + by : x)));
      const [above, below] = [moved(1e-6), moved(-1e-6)];
      row.forEach((_y, i) => {
        expect(f.derivative(row)[i][j]).toBeCloseTo((above[i] - below[i]) / 2e-6, 8);
      });
    });
  });
  it("keep their digits in the tails and their kinks", () => {
    expect(activations.sigmoid.derivative(-800)).toBe(0);
    expect(activations.sigmoid.derivative(-700) / Math.exp(-700)).toBeCloseTo(1, 12);
    expect(activations.tanh.derivative(400)).toBe(4 * Math.exp(-800));
    expect(relu.derivative(0)).toBe(0);
    expect(leakyRelu().derivative(0)).toBe(0.01);
    expect(logSoftmax.value([100, 0])[0] / -Math.exp(-100)).toBeCloseTo(1, 12);
    expect(softmax.derivative([100, 0])[0][0] / Math.exp(-100)).toBeCloseTo(1, 12);
    expect(softmax.value([Number.NaN, 1])).toEqual([Number.NaN, Number.NaN]);
  });
});
