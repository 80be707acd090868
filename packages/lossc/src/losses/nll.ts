import { defineLoss } from "../contract/define.ts";
import { logBase } from "./parts/base.ts";

/** Negative log-likelihood: minus the log-probability that a model gave to the true class.
 *
 * For models that end in a log-softmax; where you have logits, `crossEntropy` does both in one. The gradient by the
 * log-probabilities is −target, whatever they are. */
export const nll = defineLoss({
  name: "nll",
  family: "multiclass",
  inputs: {
    logProbability: { axes: "n... c", domain: "logDistribution" },
    target: { axes: "n...", kind: "classes", over: "c", maskedBy: "logProbability" },
  },
  params: { base: logBase },
  references: ["Good 1952, Rational Decisions"],
  check: { inputs: { logProbability: [[-0.5, -1.5, -2.5]], target: [1] }, value: 1.5 },
  expr({ logProbability, target, base }) {
    const nats = target.expect(({ at }) => at(logProbability).neg());
    return base === Math.E ? nats : nats.div(Math.log(base));
  },
});
