// Inputs beyond plain arrays: one in place of another, bare numbers that are learnt, and state from call to call.

import { describe, expect, it } from "vitest";
import {
  adaCos,
  combine,
  deepId2,
  dice,
  gaussianNll,
  ghmC,
  ghmR,
  lovaszHinge,
  lovaszSoftmax,
  mape,
  msle,
  normFace,
  poissonNll,
  sigLip,
} from "../src/index.ts";

describe("an input in place of another", () => {
  const target = [[1, 0, 1]];
  const logits = [[0.5, -1, 2]];
  const probability = logits.map((row) => row.map((x) => 1 / (1 + Math.exp(-x))));
  it("gives the same loss, and the gradient by what was given", () => {
    expect(dice({ probability, target })).toBeCloseTo(dice({ logits, target }), 15);
    expect(Object.keys(dice.valueAndGrad({ probability, target }).grads)).toEqual(["probability"]);
    expect(Object.keys(dice.valueAndGrad({ logits, target }).grads)).toEqual(["logits"]);
  });
  it("neither or both is an error that says so", () => {
    expect(() => dice({ target })).toThrow(
      /"logits" \(n \.\.\.\) is missing. Give it, or "probability" in its place/,
    );
    expect(() => dice({ logits, probability, target })).toThrow(/both given; give one/);
  });
  it("gaussianNll takes a variance or its logarithm", () => {
    const inputs = { prediction: [1, 2], target: [0, 5] };
    const variance = [0.5, 3];
    expect(gaussianNll({ ...inputs, variance })).toBeCloseTo(
      gaussianNll({ ...inputs, logVariance: variance.map(Math.log) }),
      14,
    );
  });
});

it("lovaszSoftmax takes its class axis anywhere, and gives gradients in that layout", () => {
  const probability = { data: [0.7, 0.4, 0.9, 0.3, 0.6, 0.1], shape: [1, 2, 3] }; // n, c, p
  const last = [
    [
      [0.7, 0.3],
      [0.4, 0.6],
      [0.9, 0.1],
    ],
  ];
  const target = [[0, 1, 1]];
  const moved = lovaszSoftmax.valueAndGrad({ probability, target }, { axis: 1 });
  const plain = lovaszSoftmax.valueAndGrad({ probability: last, target });
  expect(moved.value).toBe(plain.value);
  const { data } = plain.grads.probability!;
  expect(Array.from(moved.grads.probability!.data)).toEqual([0, 2, 4, 1, 3, 5].map((i) => data[i]));
});
it("what a new domain does not allow is an error with its place", () => {
  const one = [1, 1];
  expect(() => mape({ prediction: one, target: [1, 0] })).toThrow(
    /"target" is 0 at row 1; it must be other than 0/,
  );
  expect(() => msle({ prediction: [-1, 0], target: one })).toThrow(
    /"prediction" is -1 at row 0; it must be > -1/,
  );
  expect(() => poissonNll({ prediction: one, target: [0, -1] })).toThrow(/it must be >= 0/);
  expect(() => gaussianNll({ prediction: one, target: one, variance: [1, 0] })).toThrow(/it must be > 0/);
  expect(() => lovaszHinge({ logits: [one], target: [[0, 2]] })).toThrow(
    /is 2 at \[0, 1\]; it must be 0 or 1/,
  );
});

describe("a bare number as an input", () => {
  const inputs = {
    features: [[1, 2]],
    weights: [
      [1, 0],
      [0, 1],
    ],
    labels: [0],
  };
  it("takes the parameter's place and has a gradient", () => {
    const { value, grads } = normFace.valueAndGrad({ ...inputs, scale: 4 });
    expect(value).toBe(normFace(inputs, { scale: 4 }));
    expect(grads.scale?.shape).toEqual([]);
    const h = 1e-6;
    const slope = (normFace(inputs, { scale: 4 + h }) - normFace(inputs, { scale: 4 - h })) / (2 * h);
    expect(grads.scale?.data[0]).toBeCloseTo(slope, 8);
  });
  it("an array in its place is an error", () => {
    expect(() => normFace({ ...inputs, scale: [4] })).toThrow(/"scale" has shape \[1\]/);
  });
  it("two of them are learnt together", () => {
    const pairs = {
      first: [
        [1, 0],
        [0, 2],
      ],
      second: [
        [1, 1],
        [0, 1],
      ],
    };
    const { grads } = sigLip.valueAndGrad({ ...pairs, scale: 2, bias: -1 });
    expect(Object.keys(grads)).toEqual(["first", "second", "scale", "bias"]);
  });
});

describe("state", () => {
  const inputs = { logits: [-4, -3, -3.5, 2, 0.5, -1], target: [0, 0, 0, 1, 0, 1] };
  it("one call's state is the next call's input", () => {
    const first = ghmC.valueAndGrad(inputs, { bins: 10 });
    // With its bias corrected, the first call is that without momentum.
    expect(first.value).toBeCloseTo(0.6116073121656732, 14);
    expect(first.state?.averages.shape).toEqual([10]);
    const second = ghmC.valueAndGrad({ ...inputs, ...first.state }, { bins: 10 });
    expect(second.value).toBeCloseTo(first.value, 14); // the same batch again has the same averages
    expect(Math.max(...(second.state?.updates.data ?? []))).toBe(2);
  });
  it("a state of another number of bins is an error", () => {
    expect(() => ghmC({ ...inputs, averages: [1, 2] }, { bins: 10 })).toThrow(/must have size 10/);
  });
  it("a gradient exactly at 1 is in the last bin, NaN in none", () => {
    const residuals = { prediction: [1e300, 0], target: [0, 0] };
    expect(Array.from(ghmR.valueAndGrad(residuals, { bins: 4, momentum: 0 }).state!.averages.data)).toEqual([
      1, 0, 0, 1,
    ]);
  });
  it("adaCos gives its scale", () => {
    const head = {
      features: [
        [1, 2],
        [2, 1],
      ],
      weights: [
        [1, 0],
        [0, 1],
        [-1, 0],
      ],
      labels: [0, 1],
    };
    const { state, value } = adaCos.valueAndGrad(head);
    expect(state?.scale.shape).toEqual([]);
    expect(value).toBeCloseTo(adaCos(head, { scale: state!.scale.data[0], dynamic: false }), 14);
  });
  it("losses without state give none", () => {
    expect(
      normFace.valueAndGrad({ features: [[1, 2]], weights: [[1, 0]], labels: [0] }).state,
    ).toBeUndefined();
  });
});

describe("a combination with a name", () => {
  const inputs = {
    logits: [
      [3, 1],
      [0, 0],
      [1, 2],
    ],
    target: [0, 1, 0],
    embeddings: [
      [0, 0],
      [0.3, 0.4],
      [3, 4],
    ],
  };
  it("has its factor as a parameter", () => {
    expect(deepId2.name).toBe("deepId2");
    expect(deepId2.params.lambda.default).toBe(0.05);
    const at = (lambda: number) => deepId2(inputs, { lambda }) as number;
    expect(at(0)).toBeCloseTo(
      combine({ crossEntropy: 1 })({ logits: inputs.logits, target: inputs.target }) as number,
      15,
    );
    expect(at(2) - at(1)).toBeCloseTo(at(1) - at(0), 14);
  });
  it("one sample has no pair: the other part stands alone", () => {
    const one = { logits: [[3, 1]], target: [0], embeddings: [[1, 2]] };
    expect(deepId2(one)).toBe(deepId2(one, { lambda: 0 }));
  });
  it("an ignored label is nobody's pair", () => {
    const all = deepId2({ ...inputs, target: [0, 9, 0] }, { ignoreIndex: 9, crossEntropy: 0, lambda: 1 });
    const two = deepId2(
      {
        logits: [
          [3, 1],
          [1, 2],
        ],
        target: [0, 0],
        embeddings: [
          [0, 0],
          [3, 4],
        ],
      },
      { crossEntropy: 0, lambda: 1 },
    );
    expect(all).toBe(two);
  });
  it("what has different samples takes no weights and has no loss per sample", () => {
    expect(() => deepId2(inputs, { weight: [1, 1, 1] })).toThrow(/different samples/);
    expect(() => deepId2(inputs, { reduction: "none" })).toThrow(/different samples/);
  });
});
