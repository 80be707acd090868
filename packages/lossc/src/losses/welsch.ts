import { defineLoss } from "../contract/define.ts";
import { constant } from "../language/expr.ts";

/** Welsch (Leclerc): half the squared error near zero, levelling off at 1 as a Gaussian's tail does.
 *
 * For gross outliers: beyond about 3c its gradient r·exp(−½(r/c)²)/c² is practically 0, sooner than Geman–McClure's.
 * A start far from the data does not learn. */
export const welsch = defineLoss({
  name: "welsch",
  family: "regression",
  inputs: { prediction: "...", target: "..." },
  params: { c: { default: 1, above: 0, doc: "The unit of the error." } },
  arithmetic: "float64",
  references: [
    "Dennis & Welsch 1978, Techniques for Nonlinear Least Squares and Robust Regression",
    "Leclerc 1989, Constructing Simple Stable Descriptions for Image Partitioning",
  ],
  check: { inputs: { prediction: [1.5], target: [0] }, value: 0.6753475326416503 },
  expr({ prediction, target, c }) {
    return constant(1).sub(prediction.sub(target).div(c).square().mul(-0.5).exp());
  },
});
