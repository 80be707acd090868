// Lowering keeps the meaning at sizes that fill several tiles and panels and leave a rest, and at a size of one.

import { describe, expect, it } from "vitest";
import { catalogue, combine, tensor } from "../../src/index.ts";
import { lower, verifyKernel } from "../../src/passes/lower/index.ts";
import { difference } from "../vectors.ts";
import { interpret } from "./interpret.ts";
import { labels, noise, positive, table } from "./numbers.ts";
import { requestOf } from "./request.ts";

/** Rows that sum to 1. */
function shares(seed: number, n: number, c: number) {
  const data = noise(n * c, seed).map(Math.abs);
  for (let i = 0; i < n; i++) {
    const row = data.subarray(i * c, (i + 1) * c);
    const sum = row.reduce((a, b) => a + b, 0);
    row.forEach((x, k) => {
      row[k] = x / sum;
    });
  }
  return tensor(data, [n, c]);
}
const head = { features: table(1, 70, 9), weights: table(2, 130, 9), labels: labels(70, 130) };
const batch = { embeddings: table(3, 75, 7), labels: labels(75, 6) };
const wide = { logits: table(4, 5, 130), target: labels(5, 130) };
const soft = { logits: table(5, 4, 11), target: shares(6, 4, 11) };

const cases: readonly (readonly [string, object, object?])[] = [
  ["arcFace", head, { scale: 4 }],
  ["arcFace", head, { scale: 4, weight: positive(7, 70).data }],
  [
    "arcFace",
    { features: table(1, 33, 1), weights: table(2, 65, 1), labels: labels(33, 65) },
    { easyMargin: true, scale: 2 },
  ],
  ["largeMarginSoftmax", head, { lambda: 2 }],
  ["tripletBatchHard", batch],
  ["tripletBatchHard", batch, { distance: "euclidean", reduction: "none" }],
  ["tripletBatchHard", batch, { normalize: false, margin: 3, weight: positive(8, 75).data }],
  ["center", { features: table(1, 40, 6), centers: table(2, 7, 6), labels: labels(40, 7) }],
  ["crossEntropy", wide],
  ["crossEntropy", wide, { labelSmoothing: 0.1, ignoreIndex: 7 }],
  ["crossEntropy", { logits: table(4, 3, 1), target: labels(3, 1) }],
  ["crossEntropy", soft, { labelSmoothing: 0.2 }],
  ["multiclassHinge", wide],
  ["multiclassHinge", soft, { power: 2 }],
  ["relationRanking", soft],
  ["focal", wide, { gamma: 1.5 }],
  ["klDivergence", { prediction: soft.logits, target: soft.target }],
  ["tukeyBiweight", { prediction: table(1, 33, 4), target: table(2, 33, 4) }, { scale: "mad" }],
  [
    "tukeyBiweight",
    { prediction: table(1, 33, 2, 3), target: table(2, 33, 2, 3) },
    { weight: positive(9, 33, 2, 3) },
  ],
  ["ciou", { prediction: boxes(1, 37), target: boxes(2, 37) }],
];

function boxes(seed: number, n: number) {
  const data = noise(n * 4, seed);
  for (let i = 0; i < n * 4; i += 4)
    for (const k of [0, 1]) data[i + 2 + k] = data[i + k] + Math.abs(data[i + 2 + k]) + 0.1;
  return tensor(data, [n, 4]);
}

function faultsOf(run: () => unknown): unknown[] {
  const { program, bindings, answer } = requestOf(run);
  const kernel = lower(program);
  verifyKernel(kernel);
  const results = interpret(kernel, bindings);
  return Object.entries(answer)
    .map(([output, expected]) => [output, difference(results[output], Array.from(expected), 1e-9)])
    .filter(([, fault]) => fault !== undefined);
}

describe("loops give what the reference gives", () => {
  it.each(cases.map(([name, inputs, options], i) => [`${name} ${i}`, name, inputs, options] as const))(
    "%s",
    (_, name, inputs, options) => {
      expect(
        faultsOf(() =>
          catalogue.get(name)!.valueAndGrad(inputs as never, { ...options, engine: "reference" } as never),
        ),
      ).toEqual([]);
    },
  );

  it("a combination of losses is one kernel", () => {
    const both = combine({ crossEntropy: 1, center: 0.01, l2Penalty: 0.1 });
    const inputs = {
      ...wide,
      features: table(1, 5, 6),
      labels: labels(5, 130),
      centers: table(2, 130, 6),
      weights: table(3, 4, 4),
    };
    expect(faultsOf(() => both.valueAndGrad(inputs as never, { engine: "reference" } as never))).toEqual([]);
  });
});
