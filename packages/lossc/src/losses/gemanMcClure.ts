import { defineLoss } from "../contract/define.ts";
import { constant, where } from "../language/expr.ts";

/** Geman–McClure: half the squared error near zero, levelling off at 2.
 *
 * For gross outliers: its gradient falls as 1/r³, so that they have next to no influence. A start far from the data
 * does not learn. */
export const gemanMcClure = defineLoss({
  name: "gemanMcClure",
  family: "regression",
  inputs: { prediction: "...", target: "..." },
  params: { c: { default: 1, above: 0, doc: "The unit of the error." } },
  arithmetic: "float64",
  references: ["Geman & McClure 1985, Bayesian Image Analysis"],
  check: { inputs: { prediction: [1.5], target: [0] }, value: 0.72 },
  expr({ prediction, target, c }) {
    const error = prediction.sub(target).div(c);
    const square = error.square();
    const formula = square.mul(2).div(square.add(4));
    // Far off the quotient's gradient cancels, and the square may leave the range: there it is 2/(1 + (2/error)²).
    const isNear = error.abs().lt(2);
    const small = where(isNear, error.mul(0.5), constant(2).div(error)).square();
    const far = constant(2).div(small.add(1));
    return formula.computedAs(where(isNear, small.mul(far), far));
  },
});
