// The types: names of inputs and parameters are inferred, and a misspelt one does not compile. The compiler checks
// this file in the test command; an @ts-expect-error without an error fails it.

import { describe, expectTypeOf, it } from "vitest";
import {
  accumulate,
  arcFace,
  bceWithLogits,
  catalogue,
  crossEntropy,
  defineLoss,
  diagnose,
  focal,
  hinge,
  huber,
  klDivergence,
  mse,
  objective,
  type Tensor,
  tukeyBiweight,
} from "../src/index.ts";
import type { Expr } from "../src/language/index.ts";

const prediction = [1];
const target = [1];
/** Compiled, never called. */
const compiled = (_: () => void) => {};

describe("types", () => {
  it("a call gives a number, or a tensor with reduction none", () => {
    compiled(() => {
      expectTypeOf(huber({ prediction, target })).toEqualTypeOf<number>();
      expectTypeOf(huber({ prediction, target }, { reduction: "sum" })).toEqualTypeOf<number>();
      expectTypeOf(huber({ prediction, target }, { reduction: "none" })).toEqualTypeOf<Tensor>();
      expectTypeOf(mse({ prediction, target }, { reduction: "none", weight: [1] })).toEqualTypeOf<Tensor>();
    });
  });
  it("gradients have the names of the model's inputs, or of wrt", () => {
    compiled(() => {
      expectTypeOf(huber.valueAndGrad({ prediction, target }).grads).toEqualTypeOf<{
        readonly prediction: Tensor;
      }>();
      expectTypeOf(crossEntropy.valueAndGrad({ logits: [[1]], target: [0] }).grads).toEqualTypeOf<{
        readonly logits: Tensor;
      }>();
      expectTypeOf(
        arcFace.valueAndGrad({ features: [[1]], weights: [[1]], labels: [0] }).grads,
      ).toEqualTypeOf<{ readonly features: Tensor; readonly weights: Tensor }>();
      expectTypeOf(mse.valueAndGrad({ prediction, target }, { wrt: ["target"] }).grads).toEqualTypeOf<{
        readonly target: Tensor;
      }>();
    });
  });
  it("misspelt inputs and options do not compile", () => {
    compiled(() => {
      // @ts-expect-error an input is missing
      huber({ prediction });
      // @ts-expect-error no such input
      huber({ prediction, targets: target });
      // @ts-expect-error no such parameter
      huber({ prediction, target }, { dleta: 2 });
      // @ts-expect-error mse has no parameters at all
      mse({ prediction, target }, { delta: 2 });
      // @ts-expect-error not a reduction
      mse({ prediction, target }, { reduction: "avg" });
      // @ts-expect-error mse is no classification loss
      mse({ prediction, target }, { labelSmoothing: 0.1 });
      // @ts-expect-error mse has no class axis
      mse({ prediction, target }, { axis: 1 });
      // @ts-expect-error perSample belongs to valueAndGrad
      mse({ prediction, target }, { perSample: true });
      // @ts-expect-error no such input to differentiate by
      mse.valueAndGrad({ prediction, target }, { wrt: ["targt"] });
    });
  });
  it("options belong to the losses that take them", () => {
    compiled(() => {
      crossEntropy(
        { logits: [[1]], target: [0] },
        { labelSmoothing: 0.1, classWeight: "balanced", ignoreIndex: -100, axis: 1, base: 2 },
      );
      bceWithLogits({ logits: [1], target: [1] }, { posWeight: 2, labelSmoothing: 0.1 });
      hinge({ score: [1], target: [1] }, { encoding: "binary", margin: 2 });
      focal({ logits: [[1]], target: [0] }, { alpha: [1], gamma: 1 });
      focal({ logits: [[1]], target: [0] }, { alpha: null });
      klDivergence({ prediction: [[1]], target: [[1]] }, { from: "probabilities" });
      tukeyBiweight({ prediction, target }, { scale: "mad" });
      tukeyBiweight({ prediction, target }, { scale: 2 });
      arcFace({ features: [[1]], weights: [[1]], labels: [0] }, { easyMargin: true, labelSmoothing: 0.1 });
      // @ts-expect-error a scale is a number or "mad"
      tukeyBiweight({ prediction, target }, { scale: "iqr" });
      // @ts-expect-error one of three words
      klDivergence({ prediction: [[1]], target: [[1]] }, { from: "logit" });
      // @ts-expect-error hinge has no logits, so no posWeight
      hinge({ score: [1], target: [1] }, { posWeight: 2 });
    });
  });
  it("a definition's expr gets its inputs and parameters by name", () => {
    compiled(() => {
      defineLoss({
        name: "mine",
        family: "regression",
        inputs: { prediction: "...", target: "..." },
        params: {
          k: { default: 1, doc: "" },
          kind: { default: "a", choices: ["a", "b"], doc: "" },
          on: { default: true, doc: "" },
        },
        expr({ prediction, target, k, kind, on }) {
          expectTypeOf(prediction).toEqualTypeOf<Expr>();
          expectTypeOf(k).toEqualTypeOf<Expr>();
          expectTypeOf(kind).toEqualTypeOf<"a" | "b">();
          expectTypeOf(on).toEqualTypeOf<boolean>();
          return prediction.sub(target).mul(k);
        },
      });
      defineLoss({
        name: "mine",
        family: "regression",
        inputs: { prediction: "..." },
        // @ts-expect-error there is no input "score"
        expr: ({ score }) => score,
      });
    });
  });
  it("accumulate, objective and diagnose know the names of their loss", () => {
    compiled(() => {
      accumulate(huber, { delta: 2, meanOver: "count" }).update({ prediction, target }, { weight: [1] });
      objective(huber, { delta: 2, minHessian: 1e-16, wrt: "prediction" })({ prediction, target });
      diagnose(crossEntropy, { logits: [[1]], target: [0] }, { labelSmoothing: 0.1 });
      for (const loss of catalogue.values()) accumulate(loss, { anything: 1 }).update({ anything: [1] });
      // @ts-expect-error no such parameter
      accumulate(huber, { dleta: 2 });
      // @ts-expect-error an input is missing
      accumulate(huber).update({ prediction });
      // @ts-expect-error not an option of a batch
      accumulate(huber).update({ prediction, target }, { delta: 2 });
      // @ts-expect-error no such layout
      objective(huber, { layout: "cols" });
      // @ts-expect-error no such input
      objective(huber)({ predicton: prediction, target });
      // @ts-expect-error no such parameter
      diagnose(mse, { prediction, target }, { delta: 2 });
    });
  });
});
