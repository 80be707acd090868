import { defineLoss } from "../contract/define.ts";
import { constant } from "../language/expr.ts";

/** Elastic net: a mix of the L1 penalty and half the squared L2 penalty.
 *
 * Added to a loss it makes weights exactly 0 where they do little, and shares them among inputs that say the same, of
 * which L1 alone keeps one. Its gradient is the mix of ±1 and the weight. */
export const elasticNet = defineLoss({
  name: "elasticNet",
  family: "penalty",
  inputs: { weights: "w..." },
  params: {
    lambda: { default: 1, min: 0, doc: "The penalty's strength." },
    l1Ratio: { default: 0.5, min: 0, max: 1, doc: "The share of L1: 1 is lasso, 0 ridge." },
  },
  references: ["Zou & Hastie 2005, Regularization and Variable Selection via the Elastic Net"],
  check: { inputs: { weights: [3, -4] }, options: { lambda: 2, l1Ratio: 0.25 }, value: 22.25 },
  expr({ weights, lambda, l1Ratio }) {
    const l1 = weights.abs().sum("w");
    const l2 = weights.square().sum("w").mul(0.5);
    return lambda.mul(l1Ratio.mul(l1).add(constant(1).sub(l1Ratio).mul(l2)));
  },
});
