import { defineLoss } from "../contract/define.ts";
import { logBase } from "./parts/base.ts";

/** Categorical cross-entropy of probabilities: minus the logarithm of the true class's probability.
 *
 * For models that end in a softmax; where you have the logits, `crossEntropy` keeps more digits. A true class of
 * probability 0 costs Infinity: nothing is clamped. The gradient is −target/probability. */
export const categoricalCrossEntropy = defineLoss({
  name: "categoricalCrossEntropy",
  family: "multiclass",
  inputs: {
    probability: { axes: "n... c", domain: "distribution" },
    target: { axes: "n...", kind: "classes", over: "c" },
  },
  params: { base: logBase },
  references: ["Good 1952, Rational Decisions"],
  check: {
    inputs: { probability: [[0.5, 0.4, 0.1]], target: [0] },
    options: { base: 10 },
    value: 0.30102999566398114,
  },
  expr({ probability, target, base }) {
    const nats = target.expect(({ at }) => at(probability).log().neg());
    return base === Math.E ? nats : nats.div(Math.log(base));
  },
});
