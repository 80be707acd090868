import { defineLoss } from "../contract/define.ts";
import { where } from "../language/expr.ts";
import { angleMultiple, cosines } from "./parts/angles.ts";

/** Large-margin softmax: cross-entropy in which the true class's angle counts m-fold.
 *
 * For features that should separate by angle. The true logit ‖W‖‖x‖cos θ becomes ‖W‖‖x‖ψ(θ) with ψ below cos;
 * hard to train from scratch, so `lambda` starts large (plain softmax) and is annealed. */
export const largeMarginSoftmax = defineLoss({
  name: "largeMarginSoftmax",
  family: "head",
  inputs: {
    features: "n d",
    weights: "c d",
    labels: { axes: "n", kind: "classes", over: "c", labelsOnly: true },
  },
  params: {
    m: {
      default: 4,
      integer: true,
      min: 1,
      max: 8,
      static: true,
      doc: "The factor of the true class's angle; 1 is cross-entropy.",
    },
    lambda: {
      default: 0,
      min: 0,
      doc: "The weight of cos θ beside ψ(θ): the logit is ‖W‖‖x‖(λ cos θ + ψ)/(1 + λ).",
    },
  },
  references: ["Liu et al. 2016, Large-Margin Softmax Loss for Convolutional Neural Networks, eq. 6"],
  check: {
    inputs: {
      features: [[1, 2]],
      weights: [
        [1, 0],
        [0, 1],
      ],
      labels: [1],
    },
    options: { m: 2 },
    value: 0.5368461838295913,
  },
  expr({ features, weights, labels, m, lambda }) {
    const product = features.contract(weights, "d");
    const own = labels.truth.at(product);
    const length = features.norm("d").mul(labels.truth.at(weights.norm("d")));
    const cosine = labels.truth.at(cosines(features, weights));
    const withMargin = lambda
      .mul(own)
      .add(length.mul(angleMultiple(cosine, m)))
      .div(lambda.add(1));
    const logits = where(labels.truth.is, withMargin, product);
    return labels.expect(({ at }) => at(logits.logSoftmax("c")).neg());
  },
});
