import { defineLoss } from "../contract/define.ts";

/** Quantile (pinball) loss: the absolute error, weighted `q` below the target and 1 − q above it.
 *
 * Its minimum is the q-th quantile of the targets, for intervals and for costs that differ by side. The gradient is
 * −q below the target and 1 − q above, whatever the distance. */
export const quantile = defineLoss({
  name: "quantile",
  family: "regression",
  inputs: { prediction: "...", target: "..." },
  params: {
    q: { default: 0.5, above: 0, below: 1, doc: "The quantile to predict; ½ is half the absolute error." },
  },
  references: ["Koenker & Bassett 1978, Regression Quantiles"],
  check: {
    inputs: { prediction: [1, 5], target: [4, 1] },
    options: { q: 0.9, reduction: "sum" },
    value: 3.1,
  },
  expr({ prediction, target, q }) {
    const error = target.sub(prediction);
    return q.mul(error).max(q.sub(1).mul(error));
  },
});
