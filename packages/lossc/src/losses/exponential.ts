import { defineLoss } from "../contract/define.ts";

/** Exponential: e to the minus score on the target's side.
 *
 * The loss that AdaBoost descends. Its gradient is as large as the loss itself, so that a mislabelled sample can
 * outweigh all others. */
export const exponential = defineLoss({
  name: "exponential",
  family: "margin",
  inputs: { score: "...", target: { axes: "...", kind: "sign" } },
  references: [
    "Friedman, Hastie & Tibshirani 2000, Additive Logistic Regression: A Statistical View of Boosting",
  ],
  check: {
    inputs: { score: [0, 1, -2], target: [1, -1, -1] },
    options: { reduction: "sum" },
    value: 3.853617111695658,
  },
  expr({ score, target }) {
    return target.mul(score).neg().exp();
  },
});
