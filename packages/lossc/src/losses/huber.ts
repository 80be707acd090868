import { defineLoss } from "../contract/define.ts";

/** Huber: quadratic near zero, linear beyond `delta`.
 *
 * Its gradient is the squared error's clipped to ±delta, so one outlier cannot dominate a batch. */
export const huber = defineLoss({
  name: "huber",
  family: "regression",
  inputs: { prediction: "...", target: "..." },
  params: { delta: { default: 1, above: 0, doc: "Where the loss turns from quadratic to linear." } },
  references: ["Huber 1964, Robust Estimation of a Location Parameter"],
  check: {
    inputs: { prediction: [1, 5, 3, 0.5], target: [4, 1, 0, 0.4] },
    options: { delta: 2, reduction: "sum" },
    value: 14.005,
  },
  expr({ prediction, target, delta }) {
    const error = prediction.sub(target).abs();
    const inner = error.min(delta); // at error = delta every tie rule gives the same gradient
    return inner.square().mul(0.5).add(error.sub(inner).mul(delta));
  },
});
