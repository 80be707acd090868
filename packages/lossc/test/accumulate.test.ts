// `accumulate`: any split of the data, merged in any order, is the whole.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bodyOf } from "../src/contract/define.ts";
import { ExactSum } from "../src/contract/exact-sum.ts";
import {
  type AccumulatorState,
  type AnyLoss,
  accumulate,
  combine,
  crossEntropy,
  hinge,
  huber,
  LossError,
  l2Penalty,
  mse,
  poissonNll,
  type Tensor,
} from "../src/index.ts";
import { losses, type Nested, vectorsOf } from "./vectors.ts";

type Given = Readonly<Record<string, Nested>>;

/** The inputs that have a row for each sample: their first axis is the losses'. */
function rowsOf(loss: AnyLoss, given: Given, samples: number): (keep: readonly number[]) => Given {
  const own = Object.keys(given).filter((name) => {
    const first = loss.inputs[name].axes.split(" ")[0];
    return /^(n|\.\.\.|n\.\.\.)$/.test(first) && (given[name] as Nested[]).length === samples;
  });
  return (keep) =>
    Object.fromEntries(
      Object.entries(given).map(([name, data]) => [
        name,
        own.includes(name) ? keep.map((i) => (data as Nested[])[i]) : data,
      ]),
    );
}

/** A batch of a loss: its ordinary vectors' with the most samples. */
function batchOf(loss: AnyLoss) {
  const { cases } = vectorsOf(loss.name);
  const plain = cases.filter(({ options = {} }) => Object.keys(options).every((key) => key in loss.params));
  const found = plain.find(({ name }) => name === "mean") ?? plain[0];
  const sample =
    Object.entries(found.inputs).find(([name]) => loss.inputs[name].axes.startsWith("n")) ??
    Object.entries(found.inputs)[0];
  const { reduction: _, ...options } = found.options ?? {};
  return { inputs: found.inputs, options, samples: (sample[1] as Nested[]).length };
}

const refused = (loss: AnyLoss): boolean => {
  const { inputs, options } = batchOf(loss);
  try {
    accumulate(loss, options).update(inputs);
    return false;
  } catch (error) {
    if (error instanceof LossError && error.code === "unsupported") return true;
    throw error;
  }
};

const able = losses.filter((loss) => !refused(loss));

it("most of the catalogue can be accumulated", () => {
  expect(able.length).toBeGreaterThan(60);
});

describe.each(able.map((loss) => [loss.name, loss] as const))("%s", (_, loss) => {
  it("any split, merged in any order, has the bits of the whole, and nearly the value of one call", () => {
    const { inputs, options, samples } = batchOf(loss);
    const rows = rowsOf(loss, inputs, samples);
    const all = Array.from({ length: samples }, (_, i) => i);
    const whole = accumulate(loss, options).update(inputs).compute();
    const { value, weightSum, count } = loss.valueAndGrad(inputs, options);
    expect(whole.count).toBe(count);
    expect(Math.abs(whole.weightSum - weightSum)).toBeLessThanOrEqual(1e-12 * weightSum);
    expect(Math.abs(whole.value - value)).toBeLessThanOrEqual(1e-12 * Math.abs(value));
    const split = fc.tuple(
      fc.shuffledSubarray(all, { minLength: samples, maxLength: samples }),
      fc.array(fc.integer({ min: 0, max: 3 }), { minLength: samples, maxLength: samples }),
      fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4, maxLength: 4 }),
    );
    fc.assert(
      fc.property(split, ([order, worker, merged]) => {
        const workers = [0, 1, 2, 3].map(() => accumulate(loss, options));
        order.forEach((sample, i) => {
          // Batches of one and of two samples.
          const next = order[i + 1];
          if (i % 3 === 1) return;
          const batch = i % 3 === 0 && next !== undefined ? [sample, next] : [sample];
          workers[worker[i]].update(rows(batch));
        });
        const total = accumulate(loss, options);
        for (const which of merged)
          total.merge(JSON.parse(JSON.stringify(workers[which])) as AccumulatorState);
        const { batches: _, ...result } = total.compute();
        const { batches: __, ...expected } = whole;
        expect(result).toEqual(expected);
      }),
      { numRuns: 15 },
    );
  });
});

describe.each(losses.filter(refused).map((loss) => [loss.name, loss] as const))(
  "%s is refused",
  (_, loss) => {
    it("because its value is not that of its samples alone, or it has no samples", () => {
      if (loss.family === "penalty") return;
      const { inputs, options, samples } = batchOf(loss);
      const half = Array.from({ length: Math.ceil(samples / 2) }, (_, i) => i);
      const rows = rowsOf(loss, inputs, samples);
      const sum = (given: Given) => loss(given, { ...options, reduction: "sum", onEmpty: "zero" }) as number;
      const rest = Array.from({ length: samples - half.length }, (_, i) => half.length + i);
      expect(sum(rows(half)) + sum(rows(rest))).not.toBeCloseTo(sum(inputs), 9);
    });
  },
);

describe("accumulate(loss, options)", () => {
  const inputs = { prediction: [1, 4, 2, 8], target: [0, 0, 0, 0] };

  it("takes weights and masks with each batch", () => {
    const weight = [1, 0, 2, 3];
    const mask = [true, true, false, true];
    const whole = huber.valueAndGrad(inputs, { weight, mask });
    const parts = accumulate(huber);
    for (let i = 0; i < 4; i++)
      parts.update(
        { prediction: [inputs.prediction[i]], target: [0] },
        { weight: [weight[i]], mask: [mask[i]] },
      );
    expect(parts.compute()).toEqual({
      value: whole.value,
      weightSum: 4,
      count: 2,
      batches: 4,
      notes: [],
    });
  });

  it("reduces as one call does: sum, mean over the count, nothing counted", () => {
    const weight = [1, 0.5, 2, 3];
    for (const options of [{ reduction: "sum" }, { meanOver: "count" }] as const) {
      const parts = accumulate(mse, options).update(inputs, { weight });
      expect(parts.compute().value).toBe(mse(inputs, { ...options, weight }));
    }
    expect(accumulate(mse).compute()).toEqual({ value: 0, weightSum: 0, count: 0, batches: 0, notes: [] });
    expect(accumulate(mse, { onEmpty: "nan" }).compute().value).toBeNaN();
    expect(() => accumulate(mse, { onEmpty: "throw" }).compute()).toThrow(/no sample counts/);
  });

  it("of a combination, each part has its own mean and a penalty counts once", () => {
    const svm = combine({ hinge: 1, l2Penalty: 0.1 });
    const given = { score: [0.5, -1, 2, 0.1], target: [1, 1, -1, -1], weights: [1, 2, 3] };
    const rows = [[0], [1, 2], [3]];
    for (const reduction of ["mean", "sum"] as const) {
      const parts = accumulate(svm, { reduction });
      for (const keep of rows)
        parts.update({
          ...given,
          score: keep.map((i) => given.score[i]),
          target: keep.map((i) => given.target[i]),
        });
      expect(parts.compute().value).toBeCloseTo(svm(given, { reduction }) as number, 14);
    }
    expect(bodyOf(svm).parts.length).toBeGreaterThan(0);
  });

  it("an infinite or NaN loss stays one, also through JSON", () => {
    const one = accumulate(mse).update({ prediction: [1, Number.NaN], target: [0, 0] });
    expect(
      accumulate(mse)
        .merge(JSON.parse(JSON.stringify(one)))
        .compute().value,
    ).toBeNaN();
    const two = accumulate(mse).update({ prediction: [1, Number.POSITIVE_INFINITY], target: [0, 0] });
    expect(
      accumulate(mse)
        .merge(JSON.parse(JSON.stringify(two)))
        .compute().value,
    ).toBe(Infinity);
  });

  it("adds a batch that throws not at all", () => {
    const parts = accumulate(crossEntropy).update({ logits: [[1, 2]], target: [0] });
    const before = JSON.stringify(parts);
    expect(() => parts.update({ logits: [[1, 2]], target: [7] })).toThrow(/has label 7 at row 0/);
    expect(JSON.stringify(parts)).toBe(before);
  });

  it("says what it cannot do, and the way out", () => {
    const error = (make: () => unknown) => {
      try {
        make();
      } catch (caught) {
        return (caught as LossError).message;
      }
      return undefined;
    };
    expect(error(() => accumulate(mse, { reduction: "none" }))).toMatch(/"mean" or "sum"/);
    expect(error(() => accumulate(crossEntropy, { classWeight: "balanced" }))).toMatch(
      /classWeights\.balanced/,
    );
    expect(error(() => accumulate(mse, { weight: [1] }))).toMatch(/update\(inputs, \{ weight \}\)/);
    expect(error(() => accumulate(l2Penalty).update({ weights: [1] }))).toMatch(/a penalty has no samples/);
    expect(error(() => accumulate(mse).update(inputs, { delta: 1 } as never))).toMatch(
      /no option of a batch/,
    );
    expect(error(() => accumulate(mse).merge(accumulate(hinge)))).toMatch(/"hinge"/);
    expect(error(() => accumulate(huber).merge(accumulate(huber, { delta: 2 })))).toMatch(/delta/);
  });

  it("in float32 where asked, still the same bits for every split", () => {
    const n = 37;
    const data = Float32Array.from({ length: n }, (_, i) => Math.sin(i * 7) * 3);
    const target = Float32Array.from({ length: n }, (_, i) => Math.abs(i % 5));
    const whole = accumulate(poissonNll, { dtype: "float32" }).update({ prediction: data, target }).compute();
    const parts = accumulate(poissonNll, { dtype: "float32" });
    for (const [from, to] of [
      [20, 37],
      [0, 3],
      [3, 20],
    ])
      parts.update({ prediction: data.slice(from, to), target: target.slice(from, to) });
    expect(parts.compute().value).toBe(whole.value);
  });

  it('engine: "reference" gives nearly what kernels give', () => {
    const given = {
      logits: [
        [1, 2, 3],
        [0, -1, 4],
      ],
      target: [0, 1],
    };
    const value = (engine: "reference" | "wasm") =>
      accumulate(crossEntropy, { engine }).update(given).compute().value;
    expect(value("reference")).toBeCloseTo(value("wasm"), 14);
  });
});

describe("ExactSum", () => {
  const numbers = fc.array(
    fc
      .tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.integer({ min: -300, max: 300 }))
      .map(([m, e]) => m * 10 ** e),
    { maxLength: 30 },
  );

  it("is the same number in every order, and exact where whole numbers can check it", () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: 0, max: 29 }), (all, cut) => {
        const sum = new ExactSum();
        for (const x of all) sum.add(x);
        const [first, second] = [new ExactSum(), new ExactSum()];
        for (const x of all.slice(cut).reverse()) first.add(x);
        for (const x of all.slice(0, cut)) second.add(x);
        second.merge(JSON.parse(JSON.stringify(first)));
        expect(second.total).toBe(sum.total);
      }),
    );
    const whole = fc.array(fc.bigInt({ min: -(2n ** 60n), max: 2n ** 60n }).map((x) => BigInt(Number(x))));
    fc.assert(
      fc.property(whole, (all) => {
        const sum = new ExactSum();
        for (const x of all) sum.add(Number(x));
        expect(sum.total).toBe(Number(all.reduce((a, b) => a + b, 0n)));
      }),
    );
  });

  it("keeps 1 between 1e100 and -1e100", () => {
    const sum = new ExactSum();
    for (const x of [1e100, 1, -1e100]) sum.add(x);
    expect(sum.total).toBe(1);
  });
});

it("reduction none of a batch sums to what is accumulated", () => {
  const given = {
    logits: [
      [1, 2],
      [3, -1],
    ],
    target: [0, 1],
  };
  const each = crossEntropy(given, { reduction: "none" }) as Tensor;
  const { value } = accumulate(crossEntropy, { reduction: "sum" }).update(given).compute();
  expect(value).toBeCloseTo(each.data[0] + each.data[1], 14);
});
