import { defineLoss } from "../contract/define.ts";
import { where } from "../language/expr.ts";
import { distributionForm, distributionInput, logProbabilities } from "./parts/distribution.ts";

/** Jensen–Shannon divergence: the mean divergence of prediction and target from their midpoint.
 *
 * A symmetric `klDivergence` that is never infinite: log 2 at most. Its gradient by a probability is
 * ½ log(prediction/midpoint), so a class that only the target has pulls less than under cross-entropy. */
export const jsDivergence = defineLoss({
  name: "jsDivergence",
  family: "distribution",
  inputs: { prediction: distributionInput, target: { axes: "n... c", domain: "distribution" } },
  params: { from: distributionForm },
  references: ["Lin 1991, Divergence Measures Based on the Shannon Entropy, eq. 4.1"],
  check: {
    inputs: { prediction: [[0.5, 0.25, 0.25]], target: [[0.25, 0.75, 0]] },
    options: { from: "probabilities" },
    value: 0.17328679513998632,
  },
  expr({ prediction, target, from }) {
    const log = logProbabilities(prediction, from);
    const probability = from === "probabilities" ? prediction : log.exp();
    const middle = probability.add(target).div(2);
    const formula = probability
      .weigh(log.sub(middle.log()))
      .add(target.weigh(target.log().sub(middle.log())));
    // Near each other both logarithms cancel: with d the difference as a share of the sum it is
    // m·(d·log((1 + d)/(1 − d)) + log(1 − d²)).
    const d = probability.sub(target).div(probability.add(target));
    const near = middle.mul(d.mul(d.log1p().sub(d.neg().log1p())).add(d.square().neg().log1p()));
    const stable = where(target.eq(0), probability.mul(Math.LN2), where(d.abs().lt(0.5), near, formula));
    return formula.computedAs(stable).sum("c").mul(0.5);
  },
});
