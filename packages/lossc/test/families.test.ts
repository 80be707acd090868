// Identities within families of losses: what is another loss at some parameter, value and gradient.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { catalogue } from "../src/index.ts";

const number = fc.double({ min: -20, max: 20, noNaN: true, noDefaultInfinity: true });
type Case = readonly [loss: string, options?: Readonly<Record<string, unknown>>, factor?: number];

function same(inputs: Readonly<Record<string, never>>, a: Case, b: Case, slack = 1e-12): void {
  const [left, right] = [a, b].map(([name, options = {}, factor = 1]) => {
    const { value, grads } = catalogue.get(name)!.valueAndGrad(inputs, options);
    return [value, ...Object.values(grads).flatMap(({ data }) => Array.from(data))].map((x) => x * factor);
  });
  const largest = Math.max(...right.map(Math.abs), 1e-300);
  left.forEach((x, i) => {
    expect(Math.abs(x - right[i]), `${a[0]} against ${b[0]}: ${x}, ${right[i]}`).toBeLessThanOrEqual(
      slack * largest,
    );
  });
}

const check = (inputs: fc.Arbitrary<unknown>, a: Case, b: Case, slack?: number) =>
  fc.assert(
    fc.property(inputs, (given) => same(given as never, a, b, slack)),
    { numRuns: 100 },
  );

const residuals = fc
  .array(fc.tuple(number, number), { minLength: 1, maxLength: 6 })
  .map((pairs) => ({ prediction: pairs.map(([p]) => p), target: pairs.map(([, t]) => t) }));
const rowOf = (c: number) => fc.array(number, { minLength: c, maxLength: c });
/** Lengths far from subnormal, where directions have digits. */
const vectorOf = (d: number) =>
  fc
    .array(fc.integer({ min: -999, max: 999 }), { minLength: d, maxLength: d })
    .map((v) => v.map((x) => x / 100));
const rows = fc
  .array(fc.tuple(rowOf(4), fc.integer({ min: 0, max: 3 })), { minLength: 1, maxLength: 5 })
  .map((all) => ({ logits: all.map(([row]) => row), target: all.map(([, label]) => label) }));
const heads = fc
  .record({
    features: fc.array(vectorOf(3), { minLength: 2, maxLength: 4 }),
    weights: fc.array(vectorOf(3), { minLength: 3, maxLength: 3 }),
  })
  .map(({ features, weights }) => ({ features, weights, labels: features.map((_, i) => i % 3) }));
const masks = fc
  .array(fc.tuple(number, fc.constantFrom(0, 1, 0.5)), { minLength: 2, maxLength: 6 })
  .map((pixels) => ({ logits: [pixels.map(([x]) => x)], target: [pixels.map(([, t]) => t)] }));

describe("regression", () => {
  it.each<[string, Case, Case]>([
    ["barron(2) = ½ mse", ["barron", { alpha: 2 }], ["mse", {}, 0.5]],
    ["barron(1) = pseudoHuber", ["barron", { alpha: 1 }], ["pseudoHuber"]],
    [
      "barron(1, c) = pseudoHuber(delta = c)/c²",
      ["barron", { alpha: 1, c: 3 }, 9],
      ["pseudoHuber", { delta: 3 }],
    ],
    ["barron(0) = cauchy", ["barron", { alpha: 0, c: 2 }], ["cauchy", { c: 2 }]],
    ["barron(1e-20) = cauchy", ["barron", { alpha: 1e-20 }], ["cauchy"]],
    ["barron(-2) = gemanMcClure", ["barron", { alpha: -2 }], ["gemanMcClure"]],
    ["barron(-∞) = welsch", ["barron", { alpha: Number.NEGATIVE_INFINITY }], ["welsch"]],
    ["quantile(½) = ½ mae", ["quantile", { q: 0.5 }], ["mae", {}, 0.5]],
    ["epsilonInsensitive(0) = mae", ["epsilonInsensitive", { epsilon: 0 }], ["mae"]],
  ])("%s", (_, a, b) => check(residuals, a, b));
  it("barron is continuous through alpha 0 and 2", () => {
    for (const [alpha, near] of [
      [0, 1e-9],
      [2, 2 - 1e-9],
      [2, 2 + 1e-9],
    ])
      check(residuals, ["barron", { alpha: near }], ["barron", { alpha }], 1e-6);
  });
});

it("logistic on ±1 = bceWithLogits on 0 and 1", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(number, fc.boolean()), { minLength: 1 }), (pairs) => {
      const score = pairs.map(([x]) => x);
      const logistic = catalogue.get("logistic")!({ score, target: pairs.map(([, yes]) => (yes ? 1 : -1)) });
      const bce = catalogue.get("bceWithLogits")!({ logits: score, target: pairs.map(([, yes]) => +yes) });
      expect(logistic).toBeCloseTo(bce as number, 12);
    }),
  );
});

describe("classes", () => {
  it.each<[string, Case, Case, number?]>([
    ["poly(0) = crossEntropy", ["poly", { epsilon: 0 }], ["crossEntropy"]],
    [
      "generalizedCrossEntropy(q → 0) = crossEntropy",
      ["generalizedCrossEntropy", { q: 1e-9 }],
      ["crossEntropy"],
      1e-6,
    ],
    [
      "logitAdjusted(tau = 0) = crossEntropy",
      ["logitAdjusted", { tau: 0, classCounts: [1, 2, 3, 4] }],
      ["crossEntropy"],
    ],
    ["logitAdjusted with equal counts = crossEntropy", ["logitAdjusted"], ["crossEntropy"]],
    ["ldam(C = 0, s = 1) = crossEntropy", ["ldam", { C: 0, s: 1 }], ["crossEntropy"]],
    ["multiclassRamp(s far below) = crammerSinger", ["multiclassRamp", { s: -1e6 }], ["crammerSinger"]],
  ])("%s", (_, a, b, slack) => check(rows, a, b, slack));
});

it.each([
  "crammerSinger",
  "generalizedCrossEntropy",
  "ldam",
  "logitAdjusted",
  "multiclassRamp",
  "poly",
  "sparsemaxLoss",
])("%s: index = one-hot = soft target, with label smoothing too", (name) => {
  fc.assert(
    fc.property(rows, fc.constantFrom(0, 0.1), ({ logits, target }, labelSmoothing) => {
      const loss = catalogue.get(name)!;
      const soft = target.map((label) => [0, 1, 2, 3].map((j) => +(j === label)));
      const index = loss.valueAndGrad({ logits, target }, { labelSmoothing });
      const hot = loss.valueAndGrad({ logits, target: soft }, { labelSmoothing });
      const largest = Math.max(...Array.from(index.grads.logits.data, Math.abs), 1e-300);
      expect(Math.abs(index.value - hot.value)).toBeLessThanOrEqual(1e-13 * Math.max(index.value, 1e-300));
      index.grads.logits.data.forEach((g, i) => {
        expect(Math.abs(g - hot.grads.logits.data[i])).toBeLessThanOrEqual(1e-13 * largest);
      });
    }),
    { numRuns: 100 },
  );
});

describe("heads", () => {
  it.each<[string, Case, Case, number?]>([
    ["amSoftmax(margin 0) = normFace", ["amSoftmax", { margin: 0, scale: 5 }], ["normFace", { scale: 5 }]],
    ["amSoftmax = cosFace at one scale", ["amSoftmax", { scale: 5 }], ["cosFace", { scale: 5 }]],
    [
      "combinedMargin(1, 0, m) = cosFace(m)",
      ["combinedMargin", { m2: 0, m3: 0.2, scale: 5 }],
      ["cosFace", { margin: 0.2, scale: 5 }],
      1e-7,
    ],
    [
      "adaCos at a fixed scale = normFace",
      ["adaCos", { dynamic: false, scale: 5 }],
      ["normFace", { scale: 5 }],
    ],
    ["coco(alpha) = normFace(alpha)", ["coco", { alpha: 4 }], ["normFace", { scale: 4 }]],
    [
      "magFace with one margin and no pull = arcFace",
      ["magFace", { lowerMargin: 0.5, upperMargin: 0.5, lambda: 0, scale: 5 }],
      ["arcFace", { scale: 5 }],
    ],
  ])("%s", (_, a, b, slack) => check(heads, a, b, slack));
});

describe("masks", () => {
  it.each<[string, Case, Case]>([
    ["tversky(½, ½) = dice", ["tversky"], ["dice"]],
    [
      "focalTversky(gamma 1) = tversky",
      ["focalTversky", { gamma: 1, alpha: 0.3 }],
      ["tversky", { alpha: 0.3 }],
    ],
  ])("%s", (_, a, b) => check(masks, a, b));
});

describe("pairs", () => {
  const embeddings = [
    [1, 0.2],
    [0.3, 1],
    [-1, 0.5],
    [0.4, -2],
  ];
  it("with one positive each supCon = ntXent", () => {
    same({ embeddings, labels: [0, 0, 1, 1] } as never, ["supCon"], ["ntXent"]);
  });
  it("with two rows on each side clip is the mean of infoNce both ways", () => {
    const [first, second] = [embeddings.slice(0, 2), embeddings.slice(2)];
    const infoNce = (inputs: object) =>
      catalogue.get("infoNce")!(inputs as never, { temperature: 0.5 }) as number;
    expect(catalogue.get("clip")!({ first, second }, { scale: 2 })).toBeCloseTo(
      (infoNce({ first, second }) + infoNce({ first: second, second: first })) / 2,
      14,
    );
  });
});
