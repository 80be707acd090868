import { defineLoss } from "../contract/define.ts";
import { logOnePlusSquare } from "./parts/roots.ts";

/** Cauchy (Lorentzian): the logarithm of one plus half the squared error in units of `c`.
 *
 * For outliers that should count less the further off they are. Its gradient peaks at |r| = √2·c and then falls as
 * 2/r: an outlier keeps pulling, ever more weakly. Not convex. */
export const cauchy = defineLoss({
  name: "cauchy",
  family: "regression",
  inputs: { prediction: "...", target: "..." },
  params: { c: { default: 1, above: 0, doc: "The unit of the error." } },
  arithmetic: "float64",
  references: ["Black & Anandan 1996, The Robust Estimation of Multiple Motions, eq. 12"],
  check: { inputs: { prediction: [1.5], target: [0] }, value: 0.7537718023763802 },
  expr({ prediction, target, c }) {
    return logOnePlusSquare(prediction.sub(target).div(c).div(Math.SQRT2));
  },
});
