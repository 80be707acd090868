import { defineLoss } from "../contract/define.ts";
import { where } from "../language/expr.ts";

/** Log-cosh: the logarithm of the error's hyperbolic cosine, half the squared error near zero, |r| − log 2 far off.
 *
 * A smooth absolute error without a parameter. Its gradient is tanh r: proportional to small errors, ±1 for large
 * ones. */
export const logCosh = defineLoss({
  name: "logCosh",
  family: "regression",
  inputs: { prediction: "...", target: "..." },
  arithmetic: "float64",
  references: [
    "Green 1990, Bayesian Reconstructions from Emission Tomography Data Using a Modified EM Algorithm",
  ],
  check: {
    inputs: { prediction: [1, 5, 3, 0.5], target: [4, 1, 0, 0.4] },
    options: { reduction: "sum" },
    value: 7.930836923790167,
  },
  expr({ prediction, target }) {
    const error = prediction.sub(target);
    const cosh = error.exp().add(error.neg().exp()).div(2);
    // With t = e to the −|r|, cosh r is 1 + (1 − t)²/2t, and (1 + t²)/2t for large r, where 1/t leaves the range.
    const isNear = error.abs().lt(1);
    const t = error.abs().neg().exp();
    const excess = where(isNear, error.abs().neg().expm1().square().div(t.mul(2)), t.square());
    const rest = where(isNear, 0, error.abs().sub(Math.LN2));
    return cosh.log().computedAs(excess.log1p().add(rest));
  },
});
