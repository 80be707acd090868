import { defineLoss } from "../contract/define.ts";

/** L2 penalty: lambda times half the sum of squared weights.
 *
 * Added to a loss it keeps weights small (ridge regression, weight decay, the margin of a support-vector
 * machine). Its gradient is lambda times the weights. */
export const l2Penalty = defineLoss({
  name: "l2Penalty",
  family: "penalty",
  inputs: { weights: "w..." },
  params: {
    lambda: { default: 1, min: 0, doc: "The penalty's strength." },
    half: { default: true, doc: "With the factor ½ that makes the gradient lambda · weights." },
  },
  references: [
    "Tikhonov 1943, On the stability of inverse problems",
    "Hoerl & Kennard 1970, Ridge Regression",
  ],
  check: { inputs: { weights: [3, 4] }, options: { lambda: 0.1 }, value: 1.25 },
  expr({ weights, lambda, half }) {
    const squares = weights.square().sum("w");
    return lambda.mul(half ? squares.mul(0.5) : squares);
  },
});
