import { defineLoss } from "../contract/define.ts";
import { rootExcess } from "./parts/roots.ts";

/** Pseudo-Huber: a smooth blend of half the squared error near zero and `delta` times the absolute error far off.
 *
 * For regression with outliers where second derivatives are wanted, which Huber's corner lacks. Its gradient
 * r/√(1 + (r/δ)²) is bounded by `delta`. */
export const pseudoHuber = defineLoss({
  name: "pseudoHuber",
  family: "regression",
  inputs: { prediction: "...", target: "..." },
  params: { delta: { default: 1, above: 0, doc: "Where the loss turns from quadratic to linear." } },
  arithmetic: "float64",
  references: [
    "Charbonnier et al. 1997, Deterministic Edge-Preserving Regularization in Computed Imaging",
    "Hartley & Zisserman 2003, Multiple View Geometry in Computer Vision, app. 6.8",
  ],
  check: {
    inputs: { prediction: [1, 5, 3, 0.5], target: [4, 1, 0, 0.4] },
    options: { reduction: "sum" },
    value: 7.452648508066508,
  },
  expr({ prediction, target, delta }) {
    return delta.square().mul(rootExcess(prediction.sub(target).div(delta)));
  },
});
