// What losses are called in other libraries, and that errors say so.

import { describe, expect, it } from "vitest";
import { catalogue, combine } from "../src/index.ts";
import { fromElsewhere, hintFromElsewhere, namesOf, peerNames } from "../src/names/index.ts";

it("every name stands for a loss of the catalogue, once in each library", () => {
  for (const { library, name, loss } of peerNames()) {
    expect(catalogue.has(loss), `${library} ${name}`).toBe(true);
    expect(
      peerNames().filter((other) => other.library === library && other.name === name && other.loss === loss),
    ).toHaveLength(1);
  }
});

describe("fromElsewhere(name)", () => {
  const losses = (name: string) => [...new Set(fromElsewhere(name).map(({ loss }) => loss))];

  it("takes a name in full, its last word, or the word an estimator takes", () => {
    expect(losses("torch.nn.MSELoss")).toEqual(["mse"]);
    expect(losses("MSELoss")).toEqual(["mse"]);
    expect(losses("modified_huber")).toEqual(["modifiedHuber"]);
    expect(losses("reg:squarederror")).toEqual(["mse"]);
    expect(losses("kullbackLeiblerDivergence")).toEqual(["klDivergence"]);
  });

  it("forgives case and underscores, but prefers a name as it is written", () => {
    expect(losses("mseloss")).toEqual(["mse"]);
    expect(new Set(fromElsewhere("BinaryCrossentropy").map(({ library }) => library))).toEqual(
      new Set(["Keras"]),
    );
  });

  it("gives all losses that share a name, and none for no name", () => {
    expect(losses("log_loss")).toEqual(["bce", "categoricalCrossEntropy", "logistic"]);
    expect(losses("")).toEqual([]);
    expect(losses("nobody's")).toEqual([]);
  });
});

it("namesOf(loss) has what differs", () => {
  expect(namesOf("multiclassHinge")).toContainEqual({
    library: "PyTorch",
    name: "torch.nn.functional.multi_margin_loss",
    loss: "multiclassHinge",
    differs: "it divides by the number of classes; p is power",
  });
});

it("an unknown loss with another library's name is translated", () => {
  expect(hintFromElsewhere("MSELoss")).toBe('MSELoss (PyTorch) is "mse" here.');
  expect(hintFromElsewhere("huber_loss")).toBe('huber_loss (PyTorch, optax) is "huber" here.');
  expect(hintFromElsewhere("KLDivLoss")).toMatch(
    /^KLDivLoss \(PyTorch\) is "klDivergence" \(it takes log-prob.* here\.$/,
  );
  expect(() => combine({ BCEWithLogitsLoss: 1 })).toThrow(
    'combine: there is no loss "BCEWithLogitsLoss". BCEWithLogitsLoss (PyTorch) is "bceWithLogits" (pos_weight is posWeight) here.',
  );
});
