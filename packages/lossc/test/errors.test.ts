// Every mistake a caller can make: who, what was given, what was expected, and the remedy.

import { describe, expect, it } from "vitest";
import { type AnyLoss, catalogue, type ErrorCode, LossError, nearest } from "../src/index.ts";

const loss = (name: string): AnyLoss => catalogue.get(name)!;
const prediction = [1, 5, 3, 0.5];
const logits = [
  [3, 1, -3],
  [0, 2, 1],
];
const nested = (rows: number, value: number) => Array.from({ length: rows }, () => [value]);

type Row = readonly [
  name: string,
  inputs: Record<string, unknown>,
  options: Record<string, unknown>,
  code: ErrorCode,
  message: string,
];

const rows: readonly Row[] = [
  [
    "huber",
    { prediction, target: nested(4, 0) },
    {},
    "shape-mismatch",
    'huber: "target" has shape [4, 1] but "prediction" has shape [4]; they must match.',
  ],
  [
    "huber",
    {
      prediction,
      target: [
        [4, 1, 2],
        [4, 1, 2],
        [4, 1, 2],
        [4, 1, 2],
      ],
    },
    {},
    "shape-mismatch",
    'huber: "target" has shape [4, 3] but "prediction" has shape [4]; they must match.',
  ],
  [
    "huber",
    { prediction: [[1], [2], [3], [4]], target: [1, 2, 3, 4] },
    {},
    "shape-mismatch",
    'huber: "target" has shape [4] but "prediction" has shape [4, 1]; they must match.',
  ],
  [
    "mape",
    { prediction: [1, 2, 3], target: [1, 0, 2] },
    {},
    "value-out-of-range",
    'mape: "target" is 0 at row 1; it must be other than 0.',
  ],
  [
    "msle",
    { prediction: [0, 1, -1], target: [1, 1, 1] },
    {},
    "value-out-of-range",
    'msle: "prediction" is -1 at row 2; it must be > -1.',
  ],
  [
    "msle",
    { prediction: [0, 1], target: [-1.5, 1] },
    {},
    "value-out-of-range",
    'msle: "target" is -1.5 at row 0; it must be > -1.',
  ],
  [
    "bce",
    { probability: [0.5, 1.3], target: [1, 0] },
    {},
    "value-out-of-range",
    'bce: "probability" is 1.3 at row 1; it must be a probability in [0, 1].',
  ],
  [
    "hinge",
    { score: [0.5, 2], target: [1, 0] },
    {},
    "value-out-of-range",
    'hinge: "target" is 0 at row 1; it must be -1 or +1. For targets 0 and 1 set encoding: "binary".',
  ],
  ["huber", { prediction }, {}, "missing-input", 'huber: the input "target" (...) is missing.'],
  [
    "huber",
    { prediction, targets: prediction },
    {},
    "unknown-input",
    'huber: there is no input "targets". Did you mean "target"?',
  ],
  [
    "huber",
    { prediction, target: prediction },
    { dleta: 2 },
    "unknown-option",
    'huber: there is no option "dleta". Did you mean "delta"?',
  ],
  [
    "huber",
    { prediction, target: prediction },
    { label_smoothing: 0.1 },
    "unknown-option",
    'huber: there is no option "label_smoothing".',
  ],
  [
    "crossEntropy",
    { logits, target: [0, 1] },
    { label_smoothing: 0.1 },
    "unknown-option",
    'crossEntropy: there is no option "label_smoothing". Did you mean "labelSmoothing"?',
  ],
  [
    "huber",
    { prediction, target: prediction },
    { delta: 0 },
    "bad-option",
    'huber: "delta" is 0; it must be a number > 0.',
  ],
  [
    "huber",
    { prediction, target: prediction },
    { delta: Number.NaN },
    "bad-option",
    'huber: "delta" is NaN; it must be a number > 0.',
  ],
  [
    "huber",
    { prediction, target: prediction },
    { delta: "2" },
    "bad-option",
    'huber: "delta" is "2"; it must be a number > 0.',
  ],
  [
    "huber",
    { prediction, target: prediction },
    { reduction: "avg" },
    "bad-option",
    'huber: "reduction" is "avg"; it must be "mean" or "sum" or "none".',
  ],
  [
    "huber",
    { prediction, target: prediction },
    { engine: "cuda" },
    "unknown-engine",
    'huber: "engine" is "cuda"; it must be "auto" or "reference" or "wasm".',
  ],
  [
    "huber",
    { prediction, target: prediction },
    { perSample: true },
    "unknown-option",
    'huber: "perSample" is an option of huber.valueAndGrad.',
  ],
  [
    "huber",
    { prediction: ["a"], target: [1] },
    {},
    "bad-input",
    'huber: "prediction" has the text "a" at [0], not a number.',
  ],
  [
    "huber",
    { prediction: "1,2", target: [1] },
    {},
    "bad-input",
    'huber: "prediction" is the text "1,2", not numbers. Give a nested array, a typed array, or { data, shape }.',
  ],
  [
    "huber",
    { prediction: [[1, 2], [3]], target: [1] },
    {},
    "bad-input",
    'huber: "prediction" is ragged: a row of 1 at [1], where rows of 2 are expected.',
  ],
  [
    "huber",
    { prediction: { data: [1, 2], shape: [3] }, target: [1] },
    {},
    "bad-input",
    'huber: "prediction" has 2 numbers but shape [3], which holds 3.',
  ],
  [
    "huber",
    { prediction, target: prediction },
    { weight: [1, 2] },
    "shape-mismatch",
    'huber: "weight" has shape [2] but the losses have shape [4]; they must match.',
  ],
  [
    "huber",
    { prediction, target: prediction },
    { weight: [1, 2, -1, 0] },
    "value-out-of-range",
    'huber: "weight" is -1 at row 2; it must be a finite weight >= 0.',
  ],
  [
    "crossEntropy",
    { logits, target: [0, 7] },
    {},
    "label-out-of-range",
    'crossEntropy: "target" has label 7 at row 1, but there are 3 classes.',
  ],
  ["crossEntropy", { logits, target: [1, 3] }, {}, "label-out-of-range", "subtract 1 if yours count from 1."],
  ["crossEntropy", { logits, target: [0, -1] }, {}, "label-out-of-range", '"ignoreIndex" drops a label.'],
  [
    "crossEntropy",
    { logits, target: [0, 0.5] },
    {},
    "label-out-of-range",
    'crossEntropy: "target" is 0.5 at row 1; labels are whole numbers.',
  ],
  [
    "crossEntropy",
    { logits, target: [0, Number.NaN] },
    {},
    "label-out-of-range",
    'crossEntropy: "target" is NaN at row 1',
  ],
  [
    "crossEntropy",
    { logits, target: [[0], [1]] },
    {},
    "shape-mismatch",
    'crossEntropy: "target" has shape [2, 1] but "logits" has shape [2, 3]; it must be [2] (a class index for each) or the shape of "logits" (probabilities).',
  ],
  [
    "crossEntropy",
    {
      logits,
      target: [
        [1, 0, 0],
        [0, 0, 0],
      ],
    },
    {},
    "value-out-of-range",
    'crossEntropy: "target" sums to 0 at row 1; a row of probabilities sums to 1.',
  ],
  [
    "crossEntropy",
    {
      logits,
      target: [
        [1, 0, 0],
        [2, -1, 0],
      ],
    },
    {},
    "value-out-of-range",
    "has the probability -1 at row 1",
  ],
  [
    "crossEntropy",
    { logits, target: [0, 1] },
    { classWeight: [1, 2] },
    "bad-option",
    'crossEntropy: "classWeight" has 2 weights, but there are 3 classes.',
  ],
  [
    "crossEntropy",
    { logits, target: [0, 1] },
    { labelSmoothing: 1 },
    "bad-option",
    'crossEntropy: "labelSmoothing" is 1; it must be a number in [0, 1).',
  ],
  [
    "crossEntropy",
    { logits, target: [0, 1] },
    { axis: 2 },
    "bad-option",
    'crossEntropy: "axis" is 2, but "logits" has shape [2, 3].',
  ],
  [
    "bceWithLogits",
    { logits: [1], target: [1.3] },
    {},
    "value-out-of-range",
    'bceWithLogits: "target" is 1.3 at row 0; it must be a probability in [0, 1].',
  ],
  [
    "bce",
    { probability: [1.2], target: [1] },
    {},
    "value-out-of-range",
    'bce: "probability" is 1.2 at row 0',
  ],
  [
    "hinge",
    { score: [1], target: [0] },
    {},
    "value-out-of-range",
    'For targets 0 and 1 set encoding: "binary".',
  ],
  [
    "hinge",
    { score: [1], target: [-1] },
    { encoding: "binary" },
    "value-out-of-range",
    'For targets -1 and +1 set encoding: "sign".',
  ],
  [
    "ramp",
    { score: [1], target: [1] },
    { s: 2 },
    "bad-option",
    'ramp: "s" is 2; it must be less than "margin", 1.',
  ],
  [
    "giou",
    { prediction: [[3, 0, 2, 1]], target: [[0, 0, 1, 1]] },
    {},
    "value-out-of-range",
    'giou: "prediction" has x2 = 2 < x1 = 3 at row 0.',
  ],
  [
    "giou",
    { prediction: [[1, 2, 3]], target: [[0, 0, 1]] },
    {},
    "shape-mismatch",
    'giou: "prediction" has shape [1, 3]; that axis must have size 4.',
  ],
  [
    "giou",
    { prediction: [[0, 0, 1, 1]], target: [[0, 0, 1, 1]] },
    { format: "yolo" },
    "bad-option",
    '"format" is "yolo"; it must be "xyxy" or "xywh" or "cxcywh".',
  ],
  [
    "tripletBatchHard",
    { embeddings: [1, 2], labels: [0, 1] },
    {},
    "shape-mismatch",
    '"embeddings" has shape [2]; it must have 2 axes (n, d).',
  ],
  [
    "tripletBatchHard",
    { embeddings: [[1], [2]], labels: [0] },
    {},
    "shape-mismatch",
    '"labels" has shape [1] but "embeddings" has shape [2, 1]; their axis "n" must match.',
  ],
  [
    "center",
    { features: [[1]], labels: [2], centers: [[0], [0]] },
    {},
    "label-out-of-range",
    'center: "labels" has label 2 at row 0, but there are 2 classes.',
  ],
  [
    "arcFace",
    { features: [[1]], weights: [[1], [2]], labels: [[1, 0]] },
    {},
    "shape-mismatch",
    "it must be [1] (a class index for each).",
  ],
  [
    "arcFace",
    { features: [[1]], weights: [[1], [2]], labels: [0] },
    { margin: 4 },
    "bad-option",
    '"margin" is 4; it must be a number >= 0 and < 3.14',
  ],
  [
    "largeMarginSoftmax",
    { features: [[1]], weights: [[1], [2]], labels: [0] },
    { m: 2.5 },
    "bad-option",
    '"m" is 2.5; it must be a whole number >= 1 and <= 8.',
  ],
  [
    "l2Penalty",
    { weights: [1] },
    { weight: [1] },
    "bad-option",
    '"weight" is given, but a penalty has no samples.',
  ],
  [
    "klDivergence",
    { prediction: [[0.5, 0.6]], target: [[0.5, 0.5]] },
    { from: "probabilities" },
    "value-out-of-range",
    '"prediction" sums to 1.1 at row 0',
  ],
  [
    "klDivergence",
    { prediction: [[0.5, 0.6]], target: [[0.5, 0.5]] },
    { from: "logProbabilities" },
    "value-out-of-range",
    "has the log-probability 0.5 at row 0",
  ],
];

describe("errors of a call", () => {
  it.each(rows.map((row) => [row[4], row] as const))("%s", (_, [name, inputs, options, code, message]) => {
    const attempt = () => loss(name)(inputs as never, options);
    expect(attempt).toThrow(LossError);
    expect(attempt).toThrow(message);
    try {
      attempt();
    } catch (error) {
      expect((error as LossError).code).toBe(code);
      expect((error as LossError).loss).toBe(name);
    }
  });

  it("carry the place", () => {
    try {
      crossEntropyAt12();
      expect.unreachable();
    } catch (error) {
      expect((error as LossError).at).toEqual([12]);
      expect((error as LossError).message).toContain("label 7 at row 12");
    }
  });

  it.each([
    [{ wrt: ["logit"] }, 'crossEntropy: "wrt" names "logit", which is no input. Did you mean "logits"?'],
    [
      { wrt: ["target"] },
      'crossEntropy: "target" holds labels, which have no gradient. Give probabilities per class',
    ],
    [
      { out: { logits: new Float64Array(3) } },
      '"out.logits" must be a Float32Array or Float64Array of 6 numbers.',
    ],
    [
      { out: { logit: new Float64Array(6) } },
      '"out" has an array for "logit", which is not computed. Did you mean "logits"?',
    ],
    [
      { upstream: [1, 2] },
      '"upstream" has shape [2]; it must be a number. One per sample needs reduction: "none".',
    ],
  ])("of valueAndGrad: %o", (options, message) => {
    expect(() => loss("crossEntropy").valueAndGrad({ logits, target: [0, 1] }, options)).toThrow(message);
  });

  it("validate: false turns the checks of values off", () => {
    expect(loss("bce")({ probability: [0.5], target: [2] }, { validate: false })).toBeTypeOf("number");
  });
});

const crossEntropyAt12 = () =>
  loss("crossEntropy")({
    logits: Array.from({ length: 20 }, () => [0, 1, 2]),
    target: Array.from({ length: 20 }, (_, i) => (i === 12 ? 7 : 1)),
  });

describe("a label that is none, unchecked", () => {
  it.each(["reference", "wasm"])("gives NaN for its sample and no other on %s", (engine) => {
    const logits = [
      [2, -1, 0.5],
      [0.1, 0.3, -2],
      [1, 1, -1],
    ];
    const { perSample, grads } = catalogue
      .get("crossEntropy")!
      .valueAndGrad(
        { logits, target: [1, 3, 0] },
        { validate: false, engine, perSample: true, reduction: "sum" },
      );
    expect(Array.from(perSample!.data, Number.isNaN)).toEqual([false, true, false]);
    expect(Array.from(grads.logits.data.slice(0, 3)).every(Number.isFinite)).toBe(true);
    expect(Array.from(grads.logits.data.slice(6)).every(Number.isFinite)).toBe(true);
  });
});

describe("nearest", () => {
  it.each([
    ["crossEntrpy", "crossEntropy"],
    ["huberr", "huber"],
    ["label_smoothing", "labelSmoothing"],
    ["dleta", "delta"],
  ])("%s is %s", (given, expected) => {
    expect(nearest(given, ["crossEntropy", "huber", "labelSmoothing", "delta", "mse"])).toBe(expected);
  });
  it("gives nothing where no word is near", () => {
    expect(nearest("banana", ["huber", "mse"])).toBeUndefined();
  });
});
