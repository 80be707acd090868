// Identities between losses, to the last bits that float64 allows (design: what must hold exactly).

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AnyLoss, catalogue, combine } from "../src/index.ts";

const loss = (name: string): AnyLoss => catalogue.get(name)!;
/** Below this, numbers have fewer digits than float64's. */
const SUBNORMAL = 1e-300;
const close = (a: number, b: number, ulps = 16) =>
  expect(Math.abs(a - b)).toBeLessThanOrEqual(
    ulps * Number.EPSILON * Math.max(Math.abs(a), Math.abs(b), SUBNORMAL),
  );
const closeAll = (a: ArrayLike<number>, b: ArrayLike<number>, ulps = 64) => {
  const largest = Math.max(...Array.from(b, Math.abs), SUBNORMAL);
  for (let i = 0; i < b.length; i++)
    expect(Math.abs(a[i] - b[i])).toBeLessThanOrEqual(ulps * Number.EPSILON * largest);
};

const number = fc.double({ min: -20, max: 20, noNaN: true, noDefaultInfinity: true });
const rows = fc.integer({ min: 2, max: 6 }).chain((c) =>
  fc.array(fc.tuple(fc.array(number, { minLength: c, maxLength: c }), fc.integer({ min: 0, max: c - 1 })), {
    minLength: 1,
    maxLength: 5,
  }),
);
const oneHot = (label: number, c: number) => Array.from({ length: c }, (_, j) => +(j === label));

describe("identities", () => {
  it.each(["crossEntropy", "focal", "multiclassHinge", "relationRanking"])(
    "%s: index = one-hot = soft target, value and gradient",
    (name) => {
      fc.assert(
        fc.property(rows, fc.constantFrom(0, 0.1), (batch, labelSmoothing) => {
          const logits = batch.map(([row]) => row);
          const target = batch.map(([, label]) => label);
          const soft = batch.map(([row, label]) => oneHot(label, row.length));
          const index = loss(name).valueAndGrad({ logits, target }, { labelSmoothing });
          const hot = loss(name).valueAndGrad({ logits, target: soft }, { labelSmoothing });
          close(index.value, hot.value);
          closeAll(index.grads.logits.data, hot.grads.logits.data);
        }),
      );
    },
  );

  it("focal(gamma = 0) = crossEntropy", () => {
    fc.assert(
      fc.property(rows, (batch) => {
        const inputs = { logits: batch.map(([row]) => row), target: batch.map(([, label]) => label) };
        const a = loss("focal").valueAndGrad(inputs, { gamma: 0 });
        const b = loss("crossEntropy").valueAndGrad(inputs);
        close(a.value, b.value, 2);
        closeAll(a.grads.logits.data, b.grads.logits.data, 4);
      }),
    );
  });

  it("binaryFocal(gamma = 0, alpha = null) = bceWithLogits = powerBce(n = 1)", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(number, fc.constantFrom(0, 1, 0.3)), { minLength: 1 }), (pairs) => {
        const inputs = { logits: pairs.map(([x]) => x), target: pairs.map(([, t]) => t) };
        const b = loss("bceWithLogits").valueAndGrad(inputs);
        const focal = loss("binaryFocal").valueAndGrad(inputs, { gamma: 0, alpha: null });
        close(focal.value, b.value, 2);
        closeAll(focal.grads.logits.data, b.grads.logits.data, 4);
        const power = loss("powerBce").valueAndGrad(inputs, { n: 1 });
        close(power.value, b.value);
        closeAll(power.grads.logits.data, b.grads.logits.data);
      }),
    );
  });

  const residuals = fc.array(fc.tuple(number, number), { minLength: 1 });
  const above0 = fc.double({ min: 0.01, max: 10, noNaN: true });

  it("huber(delta) = delta · smoothL1(beta = delta)", () => {
    fc.assert(
      fc.property(residuals, above0, (pairs, delta) => {
        const inputs = { prediction: pairs.map(([p]) => p), target: pairs.map(([, t]) => t) };
        const a = loss("huber").valueAndGrad(inputs, { delta });
        const b = loss("smoothL1").valueAndGrad(inputs, { beta: delta });
        close(a.value, delta * b.value);
        closeAll(
          a.grads.prediction.data,
          b.grads.prediction.data.map((g) => g * delta),
        );
      }),
    );
  });

  it("smoothL1(beta = 0) = mae, value and gradient", () => {
    fc.assert(
      fc.property(residuals, (pairs) => {
        const inputs = { prediction: pairs.map(([p]) => p), target: pairs.map(([, t]) => t) };
        const a = loss("smoothL1").valueAndGrad(inputs, { beta: 0 });
        const b = loss("mae").valueAndGrad(inputs);
        close(a.value, b.value, 0);
        closeAll(a.grads.prediction.data, b.grads.prediction.data, 0);
      }),
    );
  });

  it("ramp = hinge(margin) − hinge(margin = s)", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(number, fc.constantFrom(-1, 1)), { minLength: 1 }), (pairs) => {
        const inputs = { score: pairs.map(([s]) => s), target: pairs.map(([, t]) => t) };
        const options = { reduction: "none" };
        const ramp = loss("ramp")(inputs, { ...options, s: -0.5 }) as { data: Float64Array };
        const hinge = (margin: number) =>
          (loss("hinge")(inputs, { ...options, margin }) as { data: Float64Array }).data;
        const [upper, lower] = [hinge(1), hinge(-0.5)];
        ramp.data.forEach((value, i) => {
          expect(Math.abs(value - (upper[i] - lower[i]))).toBeLessThanOrEqual(8e-15);
        });
      }),
    );
  });

  it("klDivergence = crossEntropy − entropy", () => {
    fc.assert(
      fc.property(rows, (batch) => {
        const prediction = batch.map(([row]) => row);
        const target = batch.map(([row, label]) =>
          row.map((_, j) => (j === label ? 1 - 0.1 * (row.length - 1) : 0.1)),
        );
        const kl = loss("klDivergence").valueAndGrad({ prediction, target });
        const ce = loss("crossEntropy").valueAndGrad({ logits: prediction, target });
        const entropies = target.map((row) => row.reduce((sum, t) => sum - t * Math.log(t), 0));
        const entropy = entropies.reduce((a, b) => a + b, 0) / target.length;
        expect(Math.abs(kl.value - (ce.value - entropy))).toBeLessThanOrEqual(1e-14 * Math.max(1, ce.value));
        closeAll(kl.grads.prediction.data, ce.grads.logits.data);
      }),
    );
  });

  it("largeMarginSoftmax(m = 1) = crossEntropy of features · weights", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 4 }), (features) => {
        const weights = [
          [1, 0.5],
          [-0.3, 0.8],
          [0.2, -1],
        ];
        const labels = features.map((_, i) => i % 3);
        const logits = features.map(([a, b]) => weights.map(([u, v]) => a * u + b * v));
        const head = loss("largeMarginSoftmax")({ features, weights, labels }, { m: 1 }) as number;
        const plain = loss("crossEntropy")({ logits, target: labels }) as number;
        expect(Math.abs(head - plain)).toBeLessThanOrEqual(1e-12 * Math.max(1, plain));
      }),
    );
  });

  it("any chunking merges to the whole", () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 0, max: 5 }), (batch, cut) => {
        const evaluate = (part: typeof batch) =>
          loss("crossEntropy").valueAndGrad(
            { logits: part.map(([row]) => row), target: part.map(([, label]) => label) },
            { classWeight: batch[0][0].map((_, j) => j + 1) },
          );
        const whole = evaluate(batch);
        const parts = [batch.slice(0, cut), batch.slice(cut)].filter((part) => part.length > 0).map(evaluate);
        const weightSum = parts.reduce((sum, part) => sum + part.weightSum, 0);
        close(weightSum, whole.weightSum);
        expect(parts.reduce((sum, part) => sum + part.count, 0)).toBe(whole.count);
        close(parts.reduce((sum, part) => sum + part.value * part.weightSum, 0) / weightSum, whole.value);
      }),
    );
  });
});

describe("combine", () => {
  const inputs = {
    logits: [
      [3, 1, -3],
      [0, 2, 1],
    ],
    target: [0, 2],
    features: [
      [1, 0],
      [0.5, 2],
    ],
    labels: [0, 2],
    centers: [
      [0, 0],
      [1, 1],
      [0, 3],
    ],
  };
  it("combine({ crossEntropy, center }) is the weighted sum of its parts, value and gradients", () => {
    const joint = combine({ crossEntropy: 1, center: 0.01 }).valueAndGrad(inputs);
    const { logits, target, features, labels, centers } = inputs;
    const ce = loss("crossEntropy").valueAndGrad({ logits, target });
    const center = loss("center").valueAndGrad({ features, labels, centers });
    close(joint.value, ce.value + 0.01 * center.value);
    closeAll(joint.grads.logits.data, ce.grads.logits.data);
    closeAll(
      joint.grads.centers.data,
      center.grads.centers.data.map((g) => 0.01 * g),
    );
    expect(joint.count).toBe(2);
  });
  it("its options are the parts', and each factor under the part's name", () => {
    const joint = combine({ crossEntropy: 1, center: 0.01 });
    expect(joint.options).toEqual(
      expect.arrayContaining(["crossEntropy", "center", "base", "labelSmoothing"]),
    );
    const heavier = joint(inputs, { center: 1, labelSmoothing: 0.1 }) as number;
    const { logits, target, features, labels, centers } = inputs;
    const expected =
      (loss("crossEntropy")({ logits, target }, { labelSmoothing: 0.1 }) as number) +
      (loss("center")({ features, labels, centers }) as number);
    close(heavier, expected);
  });
  it("combine({ hinge, l2Penalty }) is the soft-margin objective: reductions leave the penalty alone, weights have a shape of their own", () => {
    const svm = combine({ hinge: 1, l2Penalty: 0.5 });
    close(svm({ score: [0.3], target: [1], weights: [[3], [4]] }) as number, 0.7 + 0.5 * 12.5);
    const data = { score: [0.3, -2], target: [1, 1], weights: [3, 4] };
    close(svm(data) as number, (0.7 + 3) / 2 + 0.5 * 12.5);
    close(svm(data, { reduction: "sum" }) as number, 0.7 + 3 + 0.5 * 12.5);
    closeAll(svm.valueAndGrad(data).grads.weights.data, [1.5, 2]);
    expect(() => svm(data, { reduction: "none" })).toThrow(/different samples/);
  });
  it("parameters that two parts share are told apart by the part's name", () => {
    const both = combine({ hinge: 1, ramp: 1 });
    const data = { score: [0.3], target: [1] };
    close(both(data, { "hinge.margin": 2, "ramp.margin": 1 }) as number, 1.7 + 0.7);
    expect(both.options).not.toContain("margin");
  });
  it("an unknown name is an error with a suggestion", () => {
    expect(() => combine({ crossEntrpy: 1 })).toThrow('Did you mean "crossEntropy"?');
  });
  it("inputs of the same name must be the same kind", () => {
    expect(() => combine({ mse: 1, bceWithLogits: 1 })).toThrow(
      /"target" is float .* in one loss and binary/,
    );
  });
});
