import { defineLoss } from "../contract/define.ts";

/** Mean squared error: the squared distance from the target, without a factor ½.
 *
 * For errors that are roughly normal; its minimum is the mean. The gradient grows with the error, so a single
 * outlier can outweigh the rest of a batch. */
export const mse = defineLoss({
  name: "mse",
  family: "regression",
  inputs: { prediction: "...", target: "..." },
  references: ["Gauss 1809, Theoria motus corporum coelestium"],
  check: {
    inputs: { prediction: [1, 5, 3, 0.5], target: [4, 1, 0, 0.4] },
    options: { reduction: "sum" },
    value: 34.01,
  },
  expr({ prediction, target }) {
    return prediction.sub(target).square();
  },
});
