import { defineLoss } from "../contract/define.ts";
import { where } from "../language/expr.ts";

/** Mean squared logarithmic error: the squared difference of log(1 + prediction) and log(1 + target).
 *
 * For counts and amounts where ratios matter. Its gradient 2·(difference)/(1 + prediction) fades for predictions far
 * too large and is steep for those far too small. */
export const msle = defineLoss({
  name: "msle",
  family: "regression",
  inputs: {
    prediction: { axes: "...", domain: "aboveMinusOne" },
    target: { axes: "...", domain: "aboveMinusOne" },
  },
  arithmetic: "float64",
  references: ["Root mean squared logarithmic error: the metric of Kaggle's 2011 Heritage Health Prize"],
  check: {
    inputs: { prediction: [3, 0.5], target: [1, 0] },
    options: { reduction: "sum" },
    value: 0.6448549678113669,
  },
  expr({ prediction, target }) {
    const formula = prediction.log1p().sub(target.log1p());
    // Of near values the logarithm of their ratio keeps the digits that the difference loses.
    const base = target.add(1);
    const change = prediction.sub(target).div(base);
    return formula.computedAs(where(change.abs().lt(0.5), change.log1p(), formula)).square();
  },
});
