import { defineLoss } from "../contract/define.ts";
import { where } from "../language/expr.ts";

/** Smooth L1: quadratic within `beta` of the target, then the absolute error.
 *
 * The box-regression loss of Fast R-CNN. Its gradient is the error divided by `beta`, clipped to ±1: far
 * samples pull like under `mae`, near ones let training settle. */
export const smoothL1 = defineLoss({
  name: "smoothL1",
  family: "regression",
  inputs: { prediction: "...", target: "..." },
  params: {
    beta: {
      default: 1,
      min: 0,
      doc: "Where the loss turns from quadratic to linear; 0 gives the absolute error.",
    },
  },
  references: ["Girshick 2015, Fast R-CNN, eq. 3"],
  check: {
    inputs: { prediction: [1, 5, 3, 0.5], target: [4, 1, 0, 0.4] },
    options: { reduction: "sum" },
    value: 8.505,
  },
  expr({ prediction, target, beta }) {
    const error = prediction.sub(target).abs();
    const inner = error.min(beta); // at error = beta every tie rule gives the same gradient
    const quadratic = inner.square().div(beta.mul(2));
    return quadratic.computedAs(where(beta.gt(0), quadratic, 0)).add(error.sub(inner));
  },
});
