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
    // Near 0 log cosh r = −½ log(1 − tanh² r); far off eʳ leaves the range.
    const near = error.tanh().square().neg().log1p().mul(-0.5);
    const far = error.abs().add(error.abs().mul(-2).exp().log1p()).sub(Math.LN2);
    return cosh.log().computedAs(where(error.abs().lt(1), near, far));
  },
});
