import { defineLoss } from "../contract/define.ts";
import { densityParams, harmonized, runningCounts } from "./parts/density.ts";
import { rootExcess, rootOfOnePlusSquare } from "./parts/roots.ts";

/** Gradient harmonized regression: a smooth absolute error, divided by how many samples have as large a gradient.
 *
 * For box offsets, where most samples are close and a few are outliers: each size of gradient gets the same total
 * say. The factor is constant in the gradient; `state` gives the running counts for the next call. */
export const ghmR = defineLoss({
  name: "ghmR",
  family: "regression",
  inputs: { prediction: "...", target: "...", ...runningCounts },
  params: {
    mu: { default: 0.02, above: 0, doc: "Where the loss turns from quadratic to linear." },
    ...densityParams(10, 0.7),
  },
  references: ["Li, Liu & Wang 2019, Gradient Harmonized Single-stage Detector, eq. 10–13"],
  check: {
    inputs: { prediction: [0, 0.005, 0.01, 0.02, 0.1, 1], target: [0, 0, 0, 0, 0, 0] },
    options: { momentum: 0 },
    value: 0.10847013285769508,
  },
  expr({ prediction, target, mu, ...running }) {
    const error = prediction.sub(target).div(mu);
    const gradientSize = error.abs().div(rootOfOnePlusSquare(error));
    return harmonized(mu.mul(rootExcess(error)), gradientSize, running);
  },
});
