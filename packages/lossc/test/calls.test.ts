// The calling contract: forms of input, options, reductions, weights, precision, and what a call gives back.

import { describe, expect, it } from "vitest";
import {
  arcFace,
  bceWithLogits,
  catalogue,
  center,
  crossEntropy,
  defineLoss,
  focal,
  hinge,
  huber,
  klDivergence,
  l2Penalty,
  mae,
  mse,
  type Tensor,
  tensor,
  tripletBatchHard,
  tukeyBiweight,
} from "../src/index.ts";
import type { Expr } from "../src/language/index.ts";

const prediction = [1, 5, 3, 0.5];
const target = [4, 1, 0, 0.4];
const numbers = (result: Tensor) => Array.from(result.data);

describe("inputs", () => {
  it("come as nested arrays, typed arrays, tensors, or single numbers", () => {
    const whole = huber({ prediction, target });
    expect(huber({ prediction: Float64Array.from(prediction), target: Float64Array.from(target) })).toBe(
      whole,
    );
    expect(
      huber({ prediction: { data: prediction, shape: [4] }, target: { data: target, shape: [4] } }),
    ).toBe(whole);
    const square = (data: number[]) => tensor(Float64Array.from(data), [2, 2]);
    expect(huber({ prediction: square(prediction), target: square(target) })).toBe(whole);
    expect(
      huber({
        prediction: [
          [1, 5],
          [3, 0.5],
        ],
        target: [
          [4, 1],
          [0, 0.4],
        ],
      }),
    ).toBe(whole);
    expect(huber({ prediction: 1, target: 4 })).toBe(2.5);
    expect(mse({ prediction: [], target: [] })).toBe(0);
  });
  it("labels are any integer array or whole numbers", () => {
    const logits = [
      [3, 1, -3],
      [0, 2, 1],
    ];
    const whole = crossEntropy({ logits, target: [0, 2] });
    for (const labels of [
      Int32Array.of(0, 2),
      Uint8Array.of(0, 2),
      BigInt64Array.of(0n, 2n),
      Float32Array.of(0, 2),
    ]) {
      expect(crossEntropy({ logits, target: labels })).toBe(whole);
    }
  });
  it("a row of logits may stand alone, and samples may have any shape", () => {
    expect(crossEntropy({ logits: [3, 1, -3], target: 0 })).toBeCloseTo(0.1291089088298506, 15);
    const cube = [
      [
        [3, 1],
        [0, 1],
      ],
      [
        [2, 2],
        [5, 1],
      ],
    ];
    const none = crossEntropy(
      {
        logits: cube,
        target: [
          [0, 1],
          [0, 0],
        ],
      },
      { reduction: "none" },
    );
    expect(none.shape).toEqual([2, 2]);
  });
  it("axis names the class axis; gradients keep the caller's layout", () => {
    const images = { data: Float64Array.from({ length: 12 }, (_, i) => Math.sin(i)), shape: [2, 3, 2] }; // n, class, pixel
    const labels = [
      [0, 2],
      [1, 1],
    ];
    const last = {
      data: Float64Array.from(
        { length: 12 },
        (_, i) => images.data[Math.floor(i / 6) * 6 + (i % 3) * 2 + (Math.floor(i / 3) % 2)],
      ),
      shape: [2, 2, 3],
    };
    const moved = crossEntropy.valueAndGrad({ logits: images, target: labels }, { axis: 1 });
    const plain = crossEntropy.valueAndGrad({ logits: last, target: labels });
    expect(moved.value).toBe(plain.value);
    expect(moved.grads.logits.shape).toEqual([2, 3, 2]);
    expect(moved.grads.logits.data[2]).toBe(plain.grads.logits.data[1]);
    expect(crossEntropy({ logits: images, target: labels }, { axis: -2 })).toBe(plain.value);
  });
});

describe("precision", () => {
  const narrow = Float32Array.from(prediction);
  it("Float32Array in gives float32 out; mixed gives the wider; labels have no say", () => {
    expect(
      huber.valueAndGrad({ prediction: narrow, target: Float32Array.from(target) }).grads.prediction.data,
    ).toBeInstanceOf(Float32Array);
    expect(huber.valueAndGrad({ prediction: narrow, target }).grads.prediction.data).toBeInstanceOf(
      Float64Array,
    );
    const logits = { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] };
    expect(
      crossEntropy.valueAndGrad({ logits, target: Int32Array.of(0, 1) }).grads.logits.data,
    ).toBeInstanceOf(Float32Array);
    expect(crossEntropy.valueAndGrad({ logits, target: [0, 1] }).grads.logits.data).toBeInstanceOf(
      Float32Array,
    );
  });
  it("dtype overrides", () => {
    expect(huber({ prediction, target }, { reduction: "none", dtype: "float32" }).data).toBeInstanceOf(
      Float32Array,
    );
    expect(
      huber({ prediction: narrow, target: narrow }, { reduction: "none", dtype: "float64" }).data,
    ).toBeInstanceOf(Float64Array);
  });
});

describe("reductions and weights", () => {
  it("mean is Σ w·ℓ / Σ w; count says how many counted", () => {
    const { value, weightSum, count } = mae.valueAndGrad({ prediction, target }, { weight: [1, 0, 2, 1] });
    expect(value).toBeCloseTo((3 + 6 + 0.1) / 4, 14);
    expect([weightSum, count]).toEqual([4, 3]);
  });
  it("meanOver: count divides by the number of counted samples", () => {
    expect(mae({ prediction, target }, { weight: [1, 0, 2, 1], meanOver: "count" })).toBeCloseTo(9.1 / 3, 14);
  });
  it("none gives w·ℓ of every sample in its shape, and perSample beside the value", () => {
    const options = { weight: [1, 0, 2, 1] };
    expect(numbers(mae({ prediction, target }, { ...options, reduction: "none" }))).toEqual([
      3,
      0,
      6,
      expect.closeTo(0.1, 14),
    ]);
    const { perSample, value } = mae.valueAndGrad({ prediction, target }, { ...options, perSample: true });
    expect(numbers(perSample!)).toEqual([3, 0, 6, expect.closeTo(0.1, 14)]);
    expect(value).toBeCloseTo(9.1 / 4, 14);
  });
  it("mask drops samples, whatever stands in their place, and its gradient is 0 there", () => {
    const padded = { prediction: [1, Number.NaN, 3], target: [4, 7, 0] };
    const { value, grads, count } = huber.valueAndGrad(padded, { mask: [true, false, true] });
    expect(value).toBeCloseTo(2.5, 14);
    expect(numbers(grads.prediction)).toEqual([-0.5, 0, 0.5]);
    expect(count).toBe(2);
  });
  it("a masked sample is not checked either", () => {
    expect(
      crossEntropy(
        {
          logits: [
            [1, 2],
            [3, 4],
          ],
          target: [0, -5],
        },
        { mask: [1, 0] },
      ),
    ).toBeCloseTo(Math.log1p(Math.E), 14);
  });
  it("ignoreIndex drops samples with that label", () => {
    const { count, grads } = crossEntropy.valueAndGrad(
      {
        logits: [
          [1, 2],
          [3, 4],
        ],
        target: [0, -100],
      },
      { ignoreIndex: -100 },
    );
    expect(count).toBe(1);
    expect(numbers(grads.logits).slice(2)).toEqual([0, 0]);
  });
  it("classWeight weighs samples by their class, in numerator and denominator", () => {
    const inputs = {
      logits: [
        [1, 2],
        [3, 4],
        [0, 0],
      ],
      target: [0, 1, 1],
    };
    const each = numbers(crossEntropy(inputs, { reduction: "none" }));
    const { value, weightSum } = crossEntropy.valueAndGrad(inputs, { classWeight: [3, 0.5] });
    expect(weightSum).toBe(4);
    expect(value).toBeCloseTo((3 * each[0] + 0.5 * (each[1] + each[2])) / 4, 14);
    expect(crossEntropy.valueAndGrad(inputs, { classWeight: "balanced" }).weightSum).toBeCloseTo(3, 14);
  });
  it("classWeight holds for binary and ±1 targets too", () => {
    const logits = [0.3, -1];
    const each = numbers(bceWithLogits({ logits, target: [1, 0] }, { reduction: "none" }));
    expect(bceWithLogits({ logits, target: [1, 0] }, { classWeight: [1, 3] })).toBeCloseTo(
      (3 * each[0] + each[1]) / 4,
      14,
    );
    expect(hinge({ score: [0, 0], target: [1, -1] }, { classWeight: [1, 3], reduction: "sum" })).toBe(4);
    expect(hinge({ score: [0, 0, 9], target: [1, -1, 7] }, { ignoreIndex: 7, reduction: "sum" })).toBe(2);
  });
  it("posWeight is a number or one per output", () => {
    const inputs = {
      logits: [
        [0, 0],
        [0, 0],
      ],
      target: [
        [1, 0],
        [1, 1],
      ],
    };
    expect(bceWithLogits(inputs, { posWeight: 3, reduction: "sum" })).toBeCloseTo(10 * Math.LN2, 13);
    expect(bceWithLogits(inputs, { posWeight: [3, 1], reduction: "sum" })).toBeCloseTo(8 * Math.LN2, 13);
  });
  it("labelSmoothing does not give probability to a class that is masked out", () => {
    const inputs = { logits: [[2, 1, -Infinity]], target: [0] };
    const { value, grads } = crossEntropy.valueAndGrad(inputs, { labelSmoothing: 0.2 });
    const logZ = Math.log(Math.exp(2) + Math.exp(1));
    expect(value).toBeCloseTo(0.9 * (logZ - 2) + 0.1 * (logZ - 1), 14);
    expect(grads.logits.data[2]).toBe(0);
  });
  it("a penalty is one number that reductions leave alone", () => {
    const weights = [3, 4];
    expect(l2Penalty({ weights }, { reduction: "sum" })).toBe(12.5);
    expect(l2Penalty({ weights }, { reduction: "mean" })).toBe(12.5);
    expect(l2Penalty({ weights }, { reduction: "none" })).toEqual({ data: Float64Array.of(12.5), shape: [] });
  });
  it("an anchor without positives does not count", () => {
    const embeddings = [
      [0, 0],
      [1, 0],
      [5, 5],
    ];
    const { count, perSample } = tripletBatchHard.valueAndGrad(
      { embeddings, labels: [0, 0, 1] },
      { perSample: true, normalize: false },
    );
    expect(count).toBe(2);
    expect(perSample!.data[2]).toBe(0);
  });
});

describe("nothing counted", () => {
  const all = { prediction: [1, 2], target: [0, 0] };
  it("is value 0, gradient 0, count 0 by default", () => {
    for (const options of [{ mask: [0, 0] }, { weight: [0, 0] }]) {
      const { value, grads, count, weightSum } = mse.valueAndGrad(all, options);
      expect([value, ...grads.prediction.data, count, weightSum]).toEqual([0, 0, 0, 0, 0]);
    }
    const { value, count } = tripletBatchHard.valueAndGrad({
      embeddings: [
        [1, 0],
        [0, 1],
      ],
      labels: [0, 0],
    });
    expect([value, count]).toEqual([0, 0]);
  });
  it("holds for empty arrays of every shape of loss", () => {
    for (const { value, count, weightSum } of [
      mse.valueAndGrad({ prediction: [], target: [] }),
      crossEntropy.valueAndGrad({ logits: [], target: [] }),
      crossEntropy.valueAndGrad(
        { logits: { data: [], shape: [0, 3] }, target: [] },
        { classWeight: [1, 2, 3] },
      ),
      tripletBatchHard.valueAndGrad({ embeddings: [], labels: [] }),
      catalogue.get("giou")!.valueAndGrad({ prediction: [], target: [] }),
    ]) {
      expect([value, count, weightSum]).toEqual([0, 0, 0]);
    }
  });
  it("onEmpty: nan and throw", () => {
    expect(mse(all, { mask: [0, 0], onEmpty: "nan" })).toBeNaN();
    expect(() => mse(all, { mask: [0, 0], onEmpty: "throw" })).toThrow(/no sample counts/);
    expect(mse({ prediction: [], target: [] }, { onEmpty: "nan" })).toBeNaN();
  });
});

describe("gradients", () => {
  it("are of what a model produces, unless wrt says otherwise", () => {
    expect(Object.keys(mse.valueAndGrad({ prediction, target }).grads)).toEqual(["prediction"]);
    expect(
      Object.keys(center.valueAndGrad({ features: [[1, 2]], labels: [0], centers: [[0, 0]] }).grads),
    ).toEqual(["features", "centers"]);
    const { grads } = mse.valueAndGrad({ prediction, target }, { wrt: ["target"], reduction: "sum" });
    expect(grads.target.data[0]).toBe(6);
    expect("prediction" in grads).toBe(false);
  });
  it("of soft targets are taken where wrt names them", () => {
    const { grads } = crossEntropy.valueAndGrad(
      { logits: [[3, 1]], target: [[0.5, 0.5]] },
      { wrt: ["logits", "target"] },
    );
    expect(grads.target.data[0]).toBeCloseTo(Math.log1p(Math.exp(-2)), 14);
  });
  it("upstream multiplies them: a number, or one per sample with reduction none", () => {
    const inputs = { prediction: [1, 2], target: [0, 0] };
    expect(numbers(mse.valueAndGrad(inputs, { upstream: 3 }).grads.prediction)).toEqual([3, 6]);
    expect(
      numbers(mse.valueAndGrad(inputs, { reduction: "none", upstream: [1, 10] }).grads.prediction),
    ).toEqual([2, 40]);
    expect(mse.valueAndGrad(inputs, { upstream: 3 }).value).toBe(2.5);
  });
  it("are written into the arrays of `out`", () => {
    const out = { prediction: new Float64Array(2), perSample: new Float32Array(2) };
    const { grads, perSample } = mse.valueAndGrad(
      { prediction: [1, 2], target: [0, 0] },
      { out, perSample: true },
    );
    expect(grads.prediction.data).toBe(out.prediction);
    expect(perSample!.data).toBe(out.perSample);
    expect(Array.from(out.prediction)).toEqual([1, 2]);
    expect(Array.from(out.perSample)).toEqual([1, 4]);
  });
  it("keep their digits where probabilities saturate", () => {
    const { value, grads } = crossEntropy.valueAndGrad({ logits: [[100, 0]], target: [0] });
    expect(value / 3.720075976020836e-44).toBeCloseTo(1, 12);
    expect(grads.logits.data[0] / -3.720075976020836e-44).toBeCloseTo(1, 12);
  });
});

describe("results", () => {
  it("say which engine ran, and what a person should know", () => {
    const { engine, notes } = tukeyBiweight.valueAndGrad(
      { prediction: [1, 1, 1, 9], target: [0, 0, 0, 0] },
      { scale: "mad" },
    );
    expect(engine).toBe("reference");
    expect(notes).toEqual(["the median absolute deviation is 0 in a column, so its scale is 1"]);
    expect(mse.valueAndGrad({ prediction, target }).notes).toEqual([]);
  });
  it("do not depend on what was called before", () => {
    const inputs = { logits: [[3, 1, -3]], target: [0] };
    const plain = focal(inputs);
    focal(inputs, { alpha: 0.25 });
    focal(inputs, { alpha: [1, 2, 3] });
    expect(focal(inputs)).toBe(plain);
    expect(focal(inputs, { alpha: [1, 2, 3] })).toBeCloseTo(plain, 15);
    expect(focal(inputs, { alpha: 0.25 })).toBeCloseTo(0.25 * plain, 15);
  });
  it("klDivergence reads logits, probabilities or log-probabilities", () => {
    const given = { target: [[0.25, 0.75]] };
    const p = [0.5, 0.5];
    const expected = 0.25 * Math.log(0.5) + 0.75 * Math.log(1.5);
    expect(klDivergence({ ...given, prediction: [[0, 0]] })).toBeCloseTo(expected, 14);
    expect(klDivergence({ ...given, prediction: [p] }, { from: "probabilities" })).toBeCloseTo(expected, 14);
    expect(
      klDivergence({ ...given, prediction: [p.map(Math.log)] }, { from: "logProbabilities" }),
    ).toBeCloseTo(expected, 14);
  });
});

describe("defineLoss", () => {
  const twice = defineLoss({
    name: "twice",
    family: "regression",
    inputs: { prediction: "...", target: "..." },
    params: { factor: { default: 2, above: 0, doc: "The factor." } },
    expr: ({ prediction, target, factor }) => prediction.sub(target).abs().mul(factor),
  });
  it("makes a loss with the same contract as the catalogue's", () => {
    expect(twice({ prediction, target }, { reduction: "sum" })).toBeCloseTo(20.2, 13);
    expect(
      twice.valueAndGrad({ prediction, target }, { factor: 3, reduction: "sum" }).grads.prediction.data[0],
    ).toBe(-3);
    expect(String(twice.expr)).toBe("abs(prediction - target) * factor");
    expect(twice.options).toContain("factor");
  });
  it("refuses names, axes and defaults that do not hold together", () => {
    const base = {
      family: "regression",
      inputs: { prediction: "..." },
      expr: ({ prediction }: { prediction: Expr }) => prediction,
    };
    expect(() => defineLoss({ ...base, name: "Bad name" })).toThrow(/no name for a loss/);
    expect(() => defineLoss({ ...base, name: "bad", inputs: { prediction: "n n" } })).toThrow(/twice/);
    expect(() =>
      defineLoss({ ...base, name: "bad", params: { a: { default: -1, above: 0, doc: "" } } }),
    ).toThrow(/"a" is -1; it must be a number > 0/);
  });
});

it("every loss can be called through the catalogue", () => {
  expect(catalogue.get("huber")).toBe(huber);
  expect(catalogue.get("huber")!({ prediction, target }, { delta: 2, reduction: "sum" })).toBe(14.005);
  expect(arcFace.family).toBe("head");
});
