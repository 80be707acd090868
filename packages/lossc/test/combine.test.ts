// `combine`: value and gradients are the weighted sums of the parts', on both engines, and every parameter is within reach.

import { describe, expect, it } from "vitest";
import { type AnyLoss, catalogue, combine, type ValueAndGrad } from "../src/index.ts";
import { losses } from "./vectors.ts";

const wave = (count: number, size = 1, shift = 0): number[] =>
  Array.from({ length: count }, (_, i) => size * Math.sin(i * 12.9898 + shift));
const table = (rows: number, width: number, size = 1, shift = 0): number[][] =>
  Array.from({ length: rows }, (_, i) => wave(width, size, shift + 7 * i));

type Given = Readonly<Record<string, unknown>>;

/** The parts by themselves, added up. */
function sumOfParts(
  factors: Readonly<Record<string, number>>,
  inputs: Given,
  options: (loss: AnyLoss) => Given,
): Pick<ValueAndGrad<string>, "value" | "grads"> {
  let value = 0;
  const grads: Record<string, { data: Float64Array; shape: readonly number[] }> = {};
  for (const [name, factor] of Object.entries(factors)) {
    const loss = catalogue.get(name)!;
    const own = Object.fromEntries(Object.entries(inputs).filter(([input]) => input in loss.inputs));
    const part = loss.valueAndGrad(own as never, options(loss));
    value += factor * part.value;
    for (const [input, { data, shape }] of Object.entries(part.grads)) {
      grads[input] ??= { data: new Float64Array(data.length), shape };
      data.forEach((g, i) => {
        grads[input].data[i] += factor * g;
      });
    }
  }
  return { value, grads };
}

const near = (actual: number, expected: number, what: string) =>
  expect(Math.abs(actual - expected), `${what}: ${actual}, not ${expected}`).toBeLessThanOrEqual(
    1e-13 * Math.max(1, Math.abs(expected)),
  );

function agree(factors: Readonly<Record<string, number>>, inputs: Given, options: Given = {}): void {
  const loss = combine(factors);
  const parts = sumOfParts(factors, inputs, (part) =>
    Object.fromEntries(Object.entries(options).filter(([name]) => part.options.includes(name))),
  );
  for (const engine of ["reference", "wasm"] as const) {
    const { value, grads } = loss.valueAndGrad(inputs as never, { ...options, engine });
    near(value, parts.value, `${loss.name} on ${engine}`);
    expect(Object.keys(grads).sort()).toEqual(Object.keys(parts.grads).sort());
    for (const [input, { data, shape }] of Object.entries(parts.grads)) {
      expect(grads[input].shape).toEqual(shape);
      data.forEach((g, i) => {
        near(grads[input].data[i], g, `${loss.name} on ${engine}: d/d${input}[${i}]`);
      });
    }
  }
}

const logits = table(6, 3, 2);
const target = [0, 2, 1, 1, 0, 2];
const masks = {
  logits: table(3, 5, 2),
  target: table(3, 5).map((row) => row.map((x) => +(x > 0))),
};

describe("value and gradient are the weighted sums of the parts'", () => {
  it("softmax and λ·center", () => {
    const inputs = { logits, target, features: table(6, 2), labels: target, centers: table(3, 2, 1, 3) };
    agree({ crossEntropy: 1, center: 0.01 }, inputs);
    agree({ crossEntropy: 1, center: 0.01 }, inputs, { labelSmoothing: 0.1, reduction: "sum" });
  });

  it("hinge and l2Penalty, the support-vector machine's, with as many weights as there are features", () => {
    const inputs = { score: wave(7, 2), target: [1, -1, 1, 1, -1, -1, 1], weights: table(4, 2) };
    agree({ hinge: 1, l2Penalty: 0.01 }, inputs);
    agree({ squaredHinge: 2, l1Penalty: 0.5, elasticNet: 0.25 }, inputs, { reduction: "sum" });
  });

  it("cross-entropy and Dice, pixel by pixel and image by image", () => {
    agree({ bceWithLogits: 1, dice: 1 }, masks);
    agree({ bceWithLogits: 0.5, dice: 2 }, masks, { smooth: 0.1, reduction: "sum" });
    agree({ binaryFocal: 1, tversky: 0.5 }, masks, { gamma: 1.5, beta: 0.7 });
    agree({ bceWithLogits: 1, lovaszHinge: 1 }, masks);
    const images = {
      logits: [table(4, 3), table(4, 3, 1, 2)],
      target: [
        [0, 1, 2, 1],
        [2, 2, 0, 1],
      ],
    };
    agree({ crossEntropy: 1, lovaszSoftmax: 0.5 }, images);
  });

  it("identification and verification, DeepID2's", () => {
    const inputs = { logits, target, embeddings: table(6, 4) };
    const { value } = catalogue.get("deepId2")!.valueAndGrad(inputs as never, { lambda: 0.3 });
    const alone = catalogue.get("crossEntropy")!({ logits, target }) as number;
    const { value: none } = catalogue.get("deepId2")!.valueAndGrad(inputs as never, { lambda: 0 });
    const { value: double } = catalogue.get("deepId2")!.valueAndGrad(inputs as never, { lambda: 0.6 });
    near(none, alone, "lambda 0");
    near(double - alone, 2 * (value - alone), "lambda 0.6");
  });

  it("a margin head, its centers and its weights' penalty", () => {
    const inputs = {
      features: table(6, 2),
      weights: table(3, 2, 1, 4),
      labels: target,
      centers: table(3, 2, 1, 3),
    };
    agree({ amSoftmax: 1, center: 0.1, l2Penalty: 0.02 }, inputs);
  });

  it("losses of one residual", () => {
    agree({ mse: 0.5, mae: 0.25, logCosh: 1 }, { prediction: table(3, 4), target: table(3, 4, 1, 9) });
  });

  it("any loss and a penalty", () => {
    for (const loss of losses) {
      if (loss.family === "penalty" || loss.name === "deepId2") continue;
      const { inputs, options = {} } = loss.check!;
      const given = "weights" in inputs ? inputs : { ...inputs, weights: [1, -2, 0.5] };
      const both = combine({ [loss.name]: 2, l2Penalty: 0.5 });
      const { lambda: _, ...plain } = options;
      const own = "lambda" in loss.params ? plain : options;
      const { value } = both.valueAndGrad(given as never, own);
      const parts = sumOfParts({ [loss.name]: 2, l2Penalty: 0.5 }, given, (part) =>
        part.family === "penalty" ? { reduction: own.reduction ?? "mean" } : own,
      );
      near(value, parts.value, both.name);
    }
  });
});

describe("parameters and inputs", () => {
  it("every parameter of every part can be set, by its name or the part's and its name", () => {
    const loss = combine({ binaryFocal: 1, tversky: 0.5, focalTversky: 0.1 });
    expect(Object.keys(loss.params).sort()).toEqual(
      [
        ...["binaryFocal", "tversky", "focalTversky"],
        ...["binaryFocal.alpha", "binaryFocal.gamma"],
        ...["tversky.alpha", "tversky.beta", "tversky.smooth"],
        ...["focalTversky.alpha", "focalTversky.beta", "focalTversky.gamma", "focalTversky.smooth"],
      ].sort(),
    );
    const set = { "binaryFocal.gamma": 1, "tversky.alpha": 0.3, "focalTversky.gamma": 0.5, tversky: 2 };
    const { value } = loss.valueAndGrad(masks, set);
    const part = (name: string, options: Given) => catalogue.get(name)!(masks, options) as number;
    near(
      value,
      part("binaryFocal", { gamma: 1 }) +
        2 * part("tversky", { alpha: 0.3 }) +
        0.1 * part("focalTversky", { gamma: 0.5 }),
      "with parameters",
    );
  });

  it("what two losses cannot share is an error that says what each wants", () => {
    expect(() => combine({ crossEntropy: 1, dice: 1 })).toThrow(
      /"logits" is float \(n\.\.\. c\) in one loss and float \(n \.\.\.\) in another/,
    );
    expect(() => combine({ mse: 1, bceWithLogits: 1 })).toThrow(/"target" is float .* and binary/);
  });

  it("a loss that looks along its samples cannot take them for rows of others", () => {
    expect(() => combine({ ghmC: 1, dice: 1 }).valueAndGrad(masks)).toThrow(
      /ghmC looks along its axis "\.\.\.", which is "n \.\.\." in another loss/,
    );
  });
});
