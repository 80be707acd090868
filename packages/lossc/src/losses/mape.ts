import { defineLoss } from "../contract/define.ts";

/** Mean absolute percentage error: the absolute error as a fraction of the target.
 *
 * For positive targets of very different size. The gradient is ±1/|target|, so small targets outweigh large ones and
 * predictions are drawn low. A target of 0 is an error. */
export const mape = defineLoss({
  name: "mape",
  family: "regression",
  inputs: { prediction: "...", target: { axes: "...", domain: "nonZero" } },
  references: ["de Myttenaere et al. 2016, Mean Absolute Percentage Error for Regression Models"],
  check: { inputs: { prediction: [3, 5], target: [4, -2] }, options: { reduction: "sum" }, value: 3.75 },
  expr({ prediction, target }) {
    return prediction.sub(target).abs().div(target.abs());
  },
});
