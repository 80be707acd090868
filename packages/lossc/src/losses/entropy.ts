import { defineLoss } from "../contract/define.ts";
import { where } from "../language/expr.ts";
import { logBase } from "./parts/base.ts";
import { distributionForm, distributionInput, logProbabilities } from "./parts/distribution.ts";

/** Entropy of a predicted distribution: how undecided it is.
 *
 * Added to a loss it makes predictions decided (semi-supervised learning); subtracted, it keeps them open
 * (reinforcement learning). Its gradient fades where the distribution is sure or uniform. */
export const entropy = defineLoss({
  name: "entropy",
  family: "distribution",
  inputs: { prediction: distributionInput },
  params: { from: distributionForm, base: logBase },
  references: [
    "Shannon 1948, A Mathematical Theory of Communication",
    "Grandvalet & Bengio 2004, Semi-supervised Learning by Entropy Minimization",
  ],
  check: {
    inputs: { prediction: [[0.5, 0.25, 0.25]] },
    options: { from: "probabilities", base: 2 },
    value: 1.5,
  },
  expr({ prediction, from, base }) {
    const log = logProbabilities(prediction, from);
    const probability = from === "probabilities" ? prediction : log.exp();
    const formula = probability.weigh(log).sum("c").neg();
    // Of logits Σ p d(log p) = 0, and what cancels takes a small gradient's digits: the logarithm is held constant.
    const held = where(log.eq(Number.NEGATIVE_INFINITY), 0, log).stopGradient();
    const nats =
      from === "logits" ? formula.computedAs(prediction.softmax("c").mul(held).sum("c").neg()) : formula;
    return base === Math.E ? nats : nats.div(Math.log(base));
  },
});
