import { defineLoss } from "../contract/define.ts";

/** L1 penalty: lambda times the sum of the weights' absolute values.
 *
 * Added to a loss it makes weights exactly 0 where they do little (lasso). Its gradient is ±lambda however small the
 * weight, and 0 at 0. */
export const l1Penalty = defineLoss({
  name: "l1Penalty",
  family: "penalty",
  inputs: { weights: "w..." },
  params: { lambda: { default: 1, min: 0, doc: "The penalty's strength." } },
  references: ["Tibshirani 1996, Regression Shrinkage and Selection via the Lasso"],
  check: { inputs: { weights: [3, -4] }, options: { lambda: 0.5 }, value: 3.5 },
  expr({ weights, lambda }) {
    return lambda.mul(weights.abs().sum("w"));
  },
});
