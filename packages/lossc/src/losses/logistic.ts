import { defineLoss } from "../contract/define.ts";

/** Logistic: the log-loss of a score whose target is −1 or +1.
 *
 * Logistic regression in margin form: the same numbers as `bceWithLogits`. Its gradient is −target·σ(−z): 1 at most,
 * and never quite 0, so that sure and right samples pull a little too. */
export const logistic = defineLoss({
  name: "logistic",
  family: "margin",
  inputs: { score: "...", target: { axes: "...", kind: "sign" } },
  references: ["Cox 1958, The Regression Analysis of Binary Sequences"],
  check: {
    inputs: { score: [0, 2, -3], target: [1, 1, -1] },
    options: { reduction: "sum" },
    value: 0.8686625431766599,
  },
  expr({ score, target }) {
    return target.mul(score).neg().softplus();
  },
});
