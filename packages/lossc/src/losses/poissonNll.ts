import { defineLoss } from "../contract/define.ts";

/** Poisson negative log-likelihood of a count, from its rate or the rate's logarithm.
 *
 * For counts whose variance grows with their mean. By the logarithm the gradient is rate − target. Without `full` the
 * term log(target!) is left out: it has no influence on the prediction. */
export const poissonNll = defineLoss({
  name: "poissonNll",
  family: "regression",
  inputs: {
    prediction: { axes: "...", domain: ({ logInput }) => (logInput ? undefined : "nonNegative") },
    target: { axes: "...", domain: "nonNegative" },
  },
  params: {
    logInput: { default: true, doc: "`prediction` is the logarithm of the rate; otherwise the rate." },
    full: { default: false, doc: "With the term log Γ(target + 1), exactly." },
  },
  arithmetic: "float64",
  references: ["Cameron & Trivedi 1998, Regression Analysis of Count Data"],
  check: {
    inputs: { prediction: [0.5, -1], target: [3, 0] },
    options: { full: true, reduction: "sum" },
    value: 2.3083601810996255,
  },
  expr({ prediction, target, logInput, full }) {
    const loss = logInput
      ? prediction.exp().sub(target.weigh(prediction))
      : prediction.sub(target.xlogy(prediction));
    return full ? loss.add(target.add(1).lgamma()) : loss;
  },
});
