// `objective`: gradient and Hessian diagonal by the raw margin.

import { describe, expect, it } from "vitest";
import {
  type AnyLoss,
  bce,
  bceWithLogits,
  combine,
  crossEntropy,
  focal,
  gaussianNll,
  giou,
  hinge,
  huber,
  LossError,
  logistic,
  mse,
  msle,
  multiclassHinge,
  objective,
  poissonNll,
  pseudoHuber,
  tripletBatchHard,
  welsch,
} from "../src/index.ts";
import { flat, losses, type Nested, shapeOf, vectorsOf } from "./vectors.ts";

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const softmax = (row: readonly number[]) => {
  const largest = Math.max(...row);
  const powers = row.map((x) => Math.exp(x - largest));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((x) => x / sum);
};
const close = (actual: ArrayLike<number>, expected: readonly number[], digits = 14) => {
  expect(actual.length).toBe(expected.length);
  expected.forEach((x, i) => {
    const slack = 10 ** -digits * Math.max(Math.abs(x), 1e-300);
    expect(Math.abs(actual[i] - x), `[${i}]: ${actual[i]}, not ${x}`).toBeLessThanOrEqual(slack);
  });
};

describe("closed forms", () => {
  const score = [1.5, -2, 0, 30, -30];
  const target = [1, -1, 1, -1, 1];

  it("logistic: σ(z)σ(−z), far into the tails", () => {
    const { gradient, hessian, notPositive } = objective(logistic)({ score, target });
    close(
      gradient.data,
      score.map((x, i) => -target[i] * sigmoid(-target[i] * x)),
    );
    close(
      hessian.data,
      score.map((x) => sigmoid(x) * sigmoid(-x)),
    );
    expect(notPositive).toEqual({ count: 0, first: [] });
  });

  it("squared error: 2", () => {
    const { gradient, hessian } = objective(mse)({ prediction: [1, -3], target: [0, 0] });
    expect([...gradient.data, ...hessian.data]).toEqual([2, -6, 2, 2]);
  });

  it("huber: 1 inside delta, 0 beyond, where it is flagged and floored", () => {
    const given = { prediction: [0.5, 3, -0.2, -7], target: [0, 0, 0, 0] };
    const { hessian, notPositive } = objective(huber, { delta: 1, minHessian: 1e-6 })(given);
    expect([...hessian.data]).toEqual([1, 1e-6, 1, 1e-6]);
    expect(notPositive).toEqual({ count: 2, first: [[1], [3]] });
  });

  it("softmax: p(1 − p), also where p rounds to 1", () => {
    const logits = [
      [1, 2, 3],
      [0.5, -1, 40],
    ];
    const { gradient, hessian } = objective(crossEntropy)({ logits, target: [0, 2] });
    const [p, q] = logits.map(softmax);
    close(gradient.data.slice(0, 3), [p[0] - 1, p[1], p[2]]);
    close(
      hessian.data,
      [...p, ...q].map((x, i) => (i === 5 ? q[0] + q[1] : x * (1 - x))),
    );
  });

  it("a loss that is not convex is flagged where it bends down", () => {
    const { hessian, notPositive } = objective(welsch)({ prediction: [0.5, 2, 5], target: [0, 0, 0] });
    const curvature = (r: number) => (1 - r * r) * Math.exp(-0.5 * r * r);
    close(hessian.data, [0.5, 2, 5].map(curvature), 12);
    expect(notPositive).toEqual({ count: 2, first: [[1], [2]] });
  });
});

describe("XGBoost's documented custom objectives", () => {
  // https://xgboost.readthedocs.io/en/stable/tutorials/custom_metric_obj.html: ½(log(p + 1) − log(y + 1))²,
  // at p = 2, y = 1: (ln 3 − ln 2)/3 and (1 − ln 3 + ln 2)/9.
  it("squared log error is half of msle", () => {
    const { gradient, hessian } = objective(msle)({ prediction: [2], target: [1] });
    close([gradient.data[0] / 2, hessian.data[0] / 2], [0.1351550360360548, 0.0660594324324261], 13);
  });

  // The pseudo-Huber objective: z/√s and 1/(s√s), s = 1 + (z/slope)²; at z = 3, slope 2: s = 3.25.
  it("pseudo-Huber", () => {
    const { gradient, hessian } = objective(pseudoHuber, { delta: 2 })({ prediction: [3], target: [0] });
    close([gradient.data[0], hessian.data[0]], [1.6641005886756874, 0.17067698345391666], 13);
  });

  // demo/guide-python/custom_softmax.py: gradient p − [class is the label], Hessian max(2p(1 − p), 1e-6), times weights.
  it("softmax: twice our Hessian, as its demo and XGBoost itself have it", () => {
    const logits = [[0.2, -1, 0.7]];
    const step = objective(crossEntropy, { minHessian: 0.5e-6 })({ logits, target: [1] }, { weight: [3] });
    const p = softmax(logits[0]);
    close(step.gradient.data, [3 * p[0], 3 * (p[1] - 1), 3 * p[2]]);
    close(
      Array.from(step.hessian.data, (h) => 2 * h),
      p.map((x) => 3 * 2 * x * (1 - x)),
    );
  });
});

describe("objective(loss, options)", () => {
  const logits = [
    [1, 2, 3],
    [0.5, -1, 4],
  ];

  it("lays classes out per sample, or all samples of a class together", () => {
    const given = { logits, target: [0, 1] };
    const rows = objective(crossEntropy)(given);
    const columns = objective(crossEntropy, { layout: "columns" })(given);
    expect(rows.gradient.shape).toEqual([2, 3]);
    expect(columns.gradient.shape).toEqual([3, 2]);
    for (const part of ["gradient", "hessian"] as const)
      for (let i = 0; i < 2; i++)
        for (let j = 0; j < 3; j++) expect(columns[part].data[j * 2 + i]).toBe(rows[part].data[i * 3 + j]);
  });

  it("takes the loss's options and a batch's weights and mask; what does not count is 0", () => {
    const given = { logits, target: [0, 1] };
    const options = { labelSmoothing: 0.1, classWeight: [1, 2, 3] };
    const plain = objective(crossEntropy, options)(given);
    const weighed = objective(crossEntropy, options)(given, { weight: [4, 1], mask: [true, false] });
    close(weighed.gradient.data, [...plain.gradient.data.slice(0, 3)].map((x) => 4 * x).concat([0, 0, 0]));
    close(weighed.hessian.data, [...plain.hessian.data.slice(0, 3)].map((x) => 4 * x).concat([0, 0, 0]));
  });

  it("keeps the class axis where it is", () => {
    const given = { logits, target: [0, 1] };
    const turned = { logits: [0, 1, 2].map((j) => logits.map((row) => row[j])), target: [0, 1] };
    const last = objective(crossEntropy)(given);
    const first = objective(crossEntropy, { axis: 0 })(turned);
    expect(first.hessian.shape).toEqual([3, 2]);
    expect(first.hessian.data[1]).toBe(last.hessian.data[3]);
  });

  it("many classes and samples are computed in chunks, with the same numbers on both engines", () => {
    const [n, c] = [30, 700];
    const data = Float64Array.from({ length: n * c }, (_, i) => Math.sin(i * 12.9898) * 5);
    const target = Int32Array.from({ length: n }, (_, i) => (i * 97) % c);
    const given = { logits: { data, shape: [n, c] }, target };
    const [plain, kernel] = (["reference", "wasm"] as const).map((engine) =>
      objective(crossEntropy, { engine })(given),
    );
    close(kernel.hessian.data, Array.from(plain.hessian.data), 12);
    const p = softmax(Array.from(data.slice(29 * c)));
    close(
      plain.hessian.data.slice(29 * c),
      p.map((x) => x * (1 - x)),
      12,
    );
  });

  it("says what it cannot do", () => {
    const message = (make: () => unknown) => {
      try {
        make();
      } catch (error) {
        return `${(error as LossError).code}: ${(error as LossError).message}`;
      }
      return "nothing thrown";
    };
    const given = { embeddings: [[1, 2]], labels: [0] };
    expect(message(() => objective(tripletBatchHard)(given))).toMatch(/unsupported: .*samples meet/);
    expect(message(() => objective(bce)({ probability: [0.5], target: [1] }))).toMatch(
      /"probability" are probabilities, no raw margins\. Take a loss of logits/,
    );
    expect(message(() => objective(giou)({ prediction: [[0, 0, 1, 1]], target: [[0, 0, 1, 1]] }))).toMatch(
      /boxes/,
    );
    const normal = { prediction: [1], target: [0], variance: [1] };
    expect(message(() => objective(gaussianNll)(normal))).toMatch(/say which input is the margin/);
    expect(objective(gaussianNll, { wrt: "prediction" })(normal).hessian.data[0]).toBe(1);
    expect(message(() => objective(mse, { layout: "rowz" as never }))).toMatch(/"rows" or "columns"/);
    expect(message(() => objective(mse, { minHessian: Number.NaN }))).toMatch(/"minHessian"/);
    expect(message(() => objective(hinge, { delta: 1 } as never))).toMatch(/unknown-option/);
  });

  it("of a combination, the sum of the parts'", () => {
    const both = combine({ mse: 1, huber: 0.5 });
    const { hessian } = objective(both)({ prediction: [0.5, 3], target: [0, 0] });
    expect([...hessian.data]).toEqual([2.5, 2]);
    expect(objective(bceWithLogits, { posWeight: 3 })({ logits: [0], target: [1] }).hessian.data[0]).toBe(
      0.75,
    );
    expect(objective(poissonNll)({ prediction: [2], target: [1] }).hessian.data[0]).toBeCloseTo(
      Math.exp(2),
      12,
    );
  });
});

/** Whether a case has ordinary numbers and is not at a kink by design. */
const ordinary = (data: Nested): boolean => flat(data).every((x) => Number.isFinite(x) && Math.abs(x) < 50);

describe("central differences of the gradient, over the catalogue", () => {
  const refused: string[] = [];
  let compared = 0;
  const check = (loss: AnyLoss) => {
    const cases = vectorsOf(loss.name).cases.filter(
      ({ name, inputs, options = {} }) =>
        /^(mean|random|none|sum|parameters set|soft targets)/.test(name) &&
        Object.values(inputs).every(ordinary) &&
        Object.keys(options).every((key) => key in loss.params || key === "reduction"),
    );
    for (const { inputs, options: { reduction: _, ...options } = {}, name } of cases.slice(0, 3)) {
      const step = objective(loss, options)(inputs);
      const [margin] = Object.keys(loss.inputs).filter(
        (key) => loss.inputs[key].role === "model" && key in inputs,
      );
      const shape = shapeOf(inputs[margin]);
      const data = Float64Array.from(flat(inputs[margin]));
      const slopes = () => {
        const moved = { ...inputs, [margin]: { data: data.slice(), shape } };
        return loss.valueAndGrad(moved, { ...options, reduction: "sum", validate: false }).grads[margin].data;
      };
      close(step.gradient.data, Array.from(slopes()), 9);
      data.forEach((here, i) => {
        const h = 1e-5 * Math.max(1, Math.abs(here));
        const at = (by: number) => {
          data[i] = here + by;
          const found = slopes()[i];
          data[i] = here;
          return found;
        };
        const [above, middle, below] = [at(h), at(0), at(-h)];
        // A kink within h.
        if (Math.abs(above - 2 * middle + below) > 1e-3 * h) return;
        compared += 1;
        const numeric = (above - below) / (2 * h);
        const found = step.hessian.data[i];
        expect(Math.abs(found - numeric), `${name} [${i}]: ${found}, not ${numeric}`).toBeLessThanOrEqual(
          1e-5 * Math.max(1, Math.abs(numeric)),
        );
      });
    }
  };

  it.each(losses.map((loss) => [loss.name, loss] as const))("%s", (name, loss) => {
    try {
      check(loss);
    } catch (error) {
      if (!(error instanceof LossError)) throw error;
      expect(["unsupported", "bad-option"]).toContain(error.code);
      refused.push(name);
    }
  });

  it("most losses of a margin have one", () => {
    expect(losses.length - refused.length).toBeGreaterThan(40);
    expect(compared).toBeGreaterThan(1000);
    for (const loss of [focal, multiclassHinge, logistic]) expect(refused).not.toContain(loss.name);
  });
});
