import { defineLoss } from "../contract/define.ts";

/** Gaussian negative log-likelihood: the squared error in units of a predicted variance, plus half its logarithm.
 *
 * For models that say how sure they are. An error of a sample that the model calls uncertain pulls less: the gradient
 * is r/variance. Give `variance` or `logVariance`; nothing is clamped. */
export const gaussianNll = defineLoss({
  name: "gaussianNll",
  family: "regression",
  inputs: {
    prediction: "...",
    target: "...",
    variance: { axes: "...", domain: "positive" },
    logVariance: { axes: "...", instead: "variance" },
  },
  params: { full: { default: false, doc: "With the constant ½ log 2π." } },
  arithmetic: "float64",
  references: ["Nix & Weigend 1994, Estimating the Mean and Variance of the Target Probability Distribution"],
  check: {
    inputs: { prediction: [1, 3], target: [0, 5], variance: [0.5, 2] },
    options: { full: true, reduction: "sum" },
    value: 3.8378770664093453,
  },
  expr({ prediction, target, variance, logVariance, full }) {
    const error = prediction.sub(target);
    const [log, squares] = logVariance
      ? [logVariance, error.weigh(logVariance.mul(-0.5).exp()).square()]
      : [variance.log(), error.square().div(variance).computedAs(error.div(variance.sqrt()).square())];
    const loss = log.add(squares).mul(0.5);
    return full ? loss.add(0.5 * Math.log(2 * Math.PI)) : loss;
  },
});
