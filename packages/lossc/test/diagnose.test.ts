// `diagnose`: one realistic batch for each rule, nothing found in healthy data, and nothing thrown at bad values.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { batchRules } from "../src/diagnose/batch-rules.ts";
import { inputRules } from "../src/diagnose/input-rules.ts";
import { resultRules } from "../src/diagnose/result-rules.ts";
import {
  type AnyLoss,
  accumulate,
  bce,
  bceWithLogits,
  catalogue,
  ciou,
  contrastive,
  crossEntropy,
  type Diagnosis,
  defineLoss,
  diagnose,
  giou,
  hinge,
  klDivergence,
  logistic,
  mse,
  multiclassHinge,
  nll,
  ntXent,
  triplet,
  tripletBatchHard,
  tukeyBiweight,
  zeroOne,
} from "../src/index.ts";
import { losses } from "./vectors.ts";

/** The same numbers in every run. */
const wave = (count: number, size = 1, shift = 0): number[] =>
  Array.from({ length: count }, (_, i) => size * Math.sin(i * 12.9898 + shift) + 0.3 * Math.cos(i * 78.233));
const table = (rows: number, width: number, size = 1, shift = 0): number[][] =>
  Array.from({ length: rows }, (_, i) => wave(width, size, shift + 7 * i));
const softmax = (row: readonly number[]) => {
  const powers = row.map(Math.exp);
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((x) => x / sum);
};
const logits = table(30, 3, 2);
const target = Array.from({ length: 30 }, (_, i) => i % 3);
const scores = wave(40, 3);
const signs = Array.from({ length: 40 }, (_, i) => (i % 3 === 0 ? 1 : -1));
const truths = signs.map((y) => (y + 1) / 2);
const embeddings = table(12, 4);
const labels = Array.from({ length: 12 }, (_, i) => i % 4);
const put = <T>(list: readonly T[], at: number, item: T): T[] => list.map((x, i) => (i === at ? item : x));

/** A root, whose slope is infinite at 0. */
const steep = defineLoss({
  name: "steep",
  family: "regression",
  inputs: { prediction: "...", target: "..." },
  expr: ({ prediction, target: true_ }) => prediction.sqrt().sub(true_),
});
/** ∞ − ∞ of finite inputs. */
const overflowing = defineLoss({
  name: "overflowing",
  family: "regression",
  inputs: { prediction: "...", target: "..." },
  expr: ({ prediction, target: true_ }) => prediction.exp().sub(prediction.mul(2).exp()).add(true_.mul(0)),
});

interface Case {
  readonly code: string;
  readonly diagnosis: () => Diagnosis;
  readonly severity?: "error" | "warning" | "note";
  readonly sample?: number;
  readonly at?: readonly number[];
  readonly count?: number;
  readonly says: RegExp;
}

const cases: readonly Case[] = [
  {
    code: "nan-input",
    diagnosis: () => diagnose(mse, { prediction: put(scores, 12, Number.NaN), target: signs }),
    sample: 12,
    at: [12],
    count: 1,
    says: /^"prediction" is NaN at row 12.* The model made it/,
  },
  {
    code: "infinite-input",
    severity: "warning",
    diagnosis: () => diagnose(logistic, { score: put(scores, 3, Number.POSITIVE_INFINITY), target: signs }),
    sample: 3,
    says: /is Infinity at row 3\. .*lower the learning rate/,
  },
  {
    code: "labels-from-one",
    diagnosis: () => diagnose(crossEntropy, { logits, target: target.map((y) => y + 1) }),
    sample: 2,
    count: 10,
    says: /counts classes from 1: there is no 0, but a 3 at row 2 of 3 classes\. Subtract 1/,
  },
  {
    code: "padding-labels",
    diagnosis: () => diagnose(crossEntropy, { logits, target: put(put(target, 5, -100), 9, -100) }),
    sample: 5,
    count: 2,
    says: /label -100 at row 5.* set ignoreIndex: -100/,
  },
  {
    code: "label-out-of-range",
    diagnosis: () => diagnose(crossEntropy, { logits, target: put(target, 12, 7) }),
    at: [12],
    says: /has label 7 at row 12, but there are 3 classes\. .*ignoreIndex/,
  },
  {
    code: "value-out-of-range",
    diagnosis: () => diagnose(bceWithLogits, { logits: scores, target: put(truths, 4, 1.3) }),
    sample: 4,
    says: /"target" is 1\.3 at row 4; it must be a probability/,
  },
  {
    code: "zero-one-targets",
    diagnosis: () => diagnose(hinge, { score: scores, target: truths }),
    sample: 1,
    says: /0 and 1, where -1 and \+1 are expected\. Set encoding: "binary"/,
  },
  {
    code: "sign-targets",
    diagnosis: () => diagnose(bceWithLogits, { logits: scores, target: signs }),
    sample: 1,
    says: /-1 and \+1, where 0 and 1 are expected\. Give \(target \+ 1\) \/ 2/,
  },
  {
    code: "logits-as-probabilities",
    diagnosis: () => diagnose(bce, { probability: scores, target: truths }),
    says: /"probability" is .*: these are logits, where probabilities are expected\. Take the loss of logits/,
  },
  {
    code: "logits-as-probabilities",
    diagnosis: () =>
      diagnose(klDivergence, { prediction: logits, target: logits.map(softmax) }, { from: "probabilities" }),
    says: /Set from: "logits"/,
  },
  {
    code: "probabilities-as-log-probabilities",
    diagnosis: () => diagnose(nll, { logProbability: logits.map(softmax), target }),
    says: /these are probabilities, where their logarithms are expected/,
  },
  {
    code: "logits-as-log-probabilities",
    diagnosis: () => diagnose(nll, { logProbability: logits, target }),
    says: /a log-probability is at most 0; these are logits/,
  },
  {
    code: "probabilities-as-logits",
    severity: "warning",
    diagnosis: () => diagnose(crossEntropy, { logits: logits.map(softmax), target }),
    count: 30,
    says: /softmax is applied twice/,
  },
  {
    code: "probabilities-as-logits",
    severity: "warning",
    diagnosis: () =>
      diagnose(bceWithLogits, { logits: scores.map((x) => 1 / (1 + Math.exp(-x))), target: truths }),
    says: /Leave the sigmoid out/,
  },
  {
    code: "row-sums-to-0",
    diagnosis: () =>
      diagnose(klDivergence, { prediction: logits, target: put(logits.map(softmax), 7, [0, 0, 0]) }),
    sample: 7,
    at: [7],
    says: /"target" sums to 0 at row 7/,
  },
  {
    code: "row-not-normalised",
    diagnosis: () => diagnose(crossEntropy, { logits, target: logits.map(() => [2, 1, 1]) }),
    count: 30,
    says: /sums to 4 at row 0, where probabilities sum to 1\. Divide each row/,
  },
  {
    code: "box-corners",
    diagnosis: () => diagnose(giou, { prediction: [[10, 10, 4, 4]], target: [[8, 8, 12, 12]] }),
    sample: 0,
    says: /negative size at row 0: \[10, 10, 4, 4\]\. .*format: "xywh" or "cxcywh"/,
  },
  {
    code: "box-without-area",
    severity: "warning",
    diagnosis: () =>
      diagnose(ciou, {
        prediction: [
          [0, 0, 1, 1],
          [2, 2, 2, 5],
        ],
        target: [
          [0, 0, 1, 2],
          [2, 2, 3, 5],
        ],
      }),
    sample: 1,
    says: /"prediction" has a box without area at row 1.*stay positive/,
  },
  {
    code: "zero-vector",
    severity: "warning",
    diagnosis: () => diagnose(ntXent, { embeddings: put(embeddings, 2, [0, 0, 0, 0]), labels }),
    sample: 2,
    at: [2],
    says: /zero vector at row 2, which has no direction/,
  },
  {
    code: "bad-weight",
    diagnosis: () => diagnose(mse, { prediction: [1, 2], target: [0, 0] }, { weight: [1, -1] }),
    says: /"weight" is -1 at row 1/,
  },
  {
    code: "nothing-counted",
    diagnosis: () => diagnose(tripletBatchHard, { embeddings, labels: embeddings.map(() => 1) }),
    says: /No sample counts.*two samples of a class and one of another/,
  },
  {
    code: "collapsed-embeddings",
    diagnosis: () => diagnose(tripletBatchHard, { embeddings: embeddings.map(() => [1, 2, 3, 4]), labels }),
    says: /same vector for all samples.*collapsed/,
  },
  {
    code: "coincident-embeddings",
    severity: "warning",
    diagnosis: () => diagnose(tripletBatchHard, { embeddings: put(embeddings, 9, embeddings[1]), labels }),
    sample: 9,
    count: 1,
    says: /the same at rows 1 and 9/,
  },
  {
    code: "coincident-pairs",
    severity: "warning",
    diagnosis: () => {
      const second = put(table(12, 4, 1, 5), 3, embeddings[3]);
      return diagnose(contrastive, { first: embeddings, second, same: labels.map((y) => y % 2) });
    },
    sample: 3,
    says: /"first" and "second" are the same vector at row 3/,
  },
  {
    code: "class-never-seen",
    severity: "warning",
    diagnosis: () => diagnose(crossEntropy, { logits, target: target.map((y) => (y === 1 ? 2 : y)) }),
    count: 1,
    says: /no sample of class 1 among 30/,
  },
  {
    code: "one-class",
    severity: "warning",
    diagnosis: () => diagnose(bceWithLogits, { logits: scores, target: scores.map(() => 0) }),
    says: /is 0 for all 40 samples/,
  },
  {
    code: "constant-output",
    severity: "warning",
    diagnosis: () => diagnose(crossEntropy, { logits: logits.map(() => [0.2, 0.1, -1]), target }),
    says: /"logits" are the same for all 30 samples/,
  },
  {
    code: "infinite-loss",
    diagnosis: () => diagnose(bce, { probability: [0.5, 0, 0.3], target: [1, 1, 0] }),
    sample: 1,
    says: /The loss of row 1 is Infinity: "probability" gives what is true the probability 0\. Take the loss of logits/,
  },
  {
    code: "nan-loss",
    diagnosis: () => diagnose(overflowing, { prediction: [1, 800], target: [0, 0] }),
    sample: 1,
    says: /The loss of row 1 is NaN, though none of its inputs is/,
  },
  {
    code: "gradient-not-finite",
    diagnosis: () => diagnose(steep, { prediction: [1, 0], target: [0, 3] }),
    sample: 1,
    says: /The gradient of row 1 is not finite, though its loss is/,
  },
  {
    code: "no-slope",
    severity: "note",
    diagnosis: () => diagnose(zeroOne, { score: scores, target: signs }),
    says: /gradient 0 everywhere/,
  },
  {
    code: "no-gradient",
    diagnosis: () =>
      diagnose(tukeyBiweight, { prediction: wave(20).map((x) => x + 100), target: wave(20, 1, 2) }),
    count: 20,
    says: /All 20 samples have gradient 0 although the loss is 3\.658/,
  },
  {
    code: "nothing-to-learn",
    severity: "note",
    diagnosis: () => diagnose(hinge, { score: signs.map((y, i) => y * (3 + (i % 4))), target: signs }),
    says: /nothing left to learn/,
  },
  {
    code: "mostly-zero-gradient",
    severity: "warning",
    diagnosis: () =>
      diagnose(tukeyBiweight, {
        prediction: scores.map((x, i) => (i % 4 ? x + 50 : x)),
        target: wave(40, 1, 2),
      }),
    sample: 1,
    count: 30,
    says: /30 of 40 samples have a loss but gradient 0, the first at row 1/,
  },
  {
    code: "few-samples-carry-the-gradient",
    severity: "warning",
    diagnosis: () => diagnose(mse, { prediction: put(wave(200), 77, 1e4), target: wave(200, 1, 2) }),
    sample: 77,
    says: /2 of 200 samples carry \d+ % of the gradient, the first at row 77.*bounded/,
  },
  {
    code: "one-class-carries-the-gradient",
    severity: "note",
    diagnosis: () => {
      const rare = Array.from({ length: 200 }, (_, i) => (i % 20 === 0 ? 1 : 0));
      return diagnose(bceWithLogits, { logits: rare.map((_, i) => -6 - (i % 3) / 2), target: rare });
    },
    says: /Class 1, 10 of 200 samples, carries \d+ % of the gradient/,
  },
];

describe.each(cases.map((one) => [one.code, one] as const))("%s", (code, one) => {
  it(`is found, and says ${one.says}`, () => {
    const { findings } = one.diagnosis();
    const found = findings.find((finding) => finding.code === code);
    expect(found, findings.map((finding) => finding.code).join()).toBeDefined();
    expect(`${found!.message} ${found!.remedy}`).toMatch(one.says);
    expect(found!.severity).toBe(one.severity ?? "error");
    for (const part of ["sample", "at", "count"] as const)
      if (one[part] !== undefined) expect(found![part]).toEqual(one[part]);
  });
});

it("every rule has a case", () => {
  const tested = new Set(cases.map(({ code }) => code));
  expect(
    [...inputRules, ...batchRules, ...resultRules]
      .map(({ code }) => code)
      .filter((code) => !tested.has(code)),
  ).toEqual([]);
});

describe("healthy data", () => {
  it.each(losses.map((loss) => [loss.name, loss] as const))(
    "%s: its check case has no finding",
    (_, loss) => {
      const { inputs, options } = loss.check!;
      const { findings, value } = diagnose(loss, inputs as never, options);
      expect(findings.filter(({ code }) => code !== "no-slope")).toEqual([]);
      expect(value).toBe(loss(inputs as never, options));
    },
  );

  it("batches of a fair size have none either", () => {
    const none = (diagnosis: Diagnosis) => expect(diagnosis.findings).toEqual([]);
    none(diagnose(crossEntropy, { logits, target }, { labelSmoothing: 0.1, classWeight: "balanced" }));
    none(diagnose(multiclassHinge, { logits, target }));
    none(diagnose(bceWithLogits, { logits: scores, target: truths }));
    none(diagnose(hinge, { score: scores, target: truths }, { encoding: "binary" }));
    none(diagnose(tripletBatchHard, { embeddings, labels }));
    none(diagnose(mse, { prediction: wave(500), target: wave(500, 1, 2) }));
    const masked = put(logits, 0, [Number.NEGATIVE_INFINITY, 0, 1]);
    none(diagnose(crossEntropy, { logits: masked, target: put(target, 0, 1) }));
  });

  it("what no rule explains has the remedy of the check of values, and nothing of how to skip it", () => {
    const { findings } = diagnose(
      klDivergence,
      { prediction: [[0.5, 0.5]], target: [[-0.5, 1.5]] },
      { from: "probabilities" },
    );
    expect(findings).toContainEqual(
      expect.objectContaining({
        code: "value-out-of-range",
        message: '"target" has the probability -0.5 at row 0; probabilities are >= 0.',
        remedy: "Divide each row by its sum.",
      }),
    );
  });
  it("what is masked, ignored or has weight 0 is not looked at", () => {
    const prediction = put(scores, 12, Number.NaN);
    const keep = scores.map((_, i) => i !== 12);
    expect(diagnose(mse, { prediction, target: signs }, { mask: keep }).findings).toEqual([]);
    expect(diagnose(mse, { prediction, target: signs }, { weight: keep.map(Number) }).findings).toEqual([]);
    expect(
      diagnose(crossEntropy, { logits, target: put(target, 3, -100) }, { ignoreIndex: -100 }).findings,
    ).toEqual([]);
  });
});

describe("statistics", () => {
  it("share of samples without gradient, of the largest 1 %, and of each class", () => {
    const score = [2, 2, 0.5, -3];
    const { gradient, value, count, weightSum } = diagnose(
      hinge,
      { score, target: [1, 1, 1, -1] },
      { weight: [1, 1, 3, 1] },
    );
    expect(gradient).toEqual({
      samples: 4,
      zero: 3,
      zeroShare: 0.75,
      largestShare: 1,
      largest: [2],
      byClass: [
        { label: -1, samples: 1, share: 0 },
        { label: 1, samples: 3, share: 1 },
      ],
    });
    expect([value, count, weightSum]).toEqual([1.5 / 6, 4, 6]);
  });

  it("a sample's gradient is that of all its numbers: triplet's three embeddings", () => {
    const [anchor, positive, negative] = [0, 1, 2].map((shift) => table(6, 3, 1, shift));
    const { gradient } = diagnose(triplet, { anchor, positive, negative });
    expect(gradient!.samples).toBe(6);
    expect(gradient!.byClass).toBeUndefined();
  });

  it("a penalty has none", () => {
    expect(diagnose(catalogue.get("l2Penalty")!, { weights: [1, 2] })).toEqual({
      loss: "l2Penalty",
      findings: [],
      value: 2.5,
      weightSum: 1,
      count: 1,
    });
  });
});

describe("misuse throws, bad values never do", () => {
  it("names and shapes are errors", () => {
    expect(() => diagnose(mse, { prediction: [1, 2], target: [1] })).toThrow(/must match/);
    expect(() => diagnose(mse, { prediction: [1], target: [1] }, { delta: 1 } as never)).toThrow(
      /no option "delta"/,
    );
    expect(() => diagnose(mse, { predicton: [1], target: [1] } as never)).toThrow(/prediction/);
    expect(accumulate(mse).compute().count).toBe(0);
  });

  it.each(losses.map((loss) => [loss.name, loss] as const))(
    "%s, over the strangest numbers",
    (_, loss: AnyLoss) => {
      const strange = fc.constantFrom(
        Number.NaN,
        Infinity,
        -Infinity,
        -100,
        -1,
        0,
        0.5,
        1,
        1.5,
        3,
        1e300,
        -1e-300,
      );
      const check = loss.check!.inputs as Readonly<Record<string, unknown>>;
      const fill = (item: unknown): fc.Arbitrary<unknown> =>
        Array.isArray(item) ? fc.tuple(...item.map(fill)) : strange;
      fc.assert(
        fc.property(
          fc.record(Object.fromEntries(Object.entries(check).map(([name, item]) => [name, fill(item)]))),
          (inputs) => {
            const { findings } = diagnose(loss, inputs as never, loss.check!.options);
            for (const { message, remedy } of findings) {
              expect(message).toMatch(/\.$/);
              expect(message).not.toMatch(/undefined|@/);
              expect(remedy).not.toMatch(/undefined/);
            }
          },
        ),
        { numRuns: 12 },
      );
    },
  );
});
