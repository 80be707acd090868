import { defineLoss } from "../contract/define.ts";
import { constant } from "../language/expr.ts";
import { logBase } from "./parts/base.ts";

/** Binary cross-entropy of a probability: minus the log-likelihood of a target in [0, 1].
 *
 * For models that end in a probability; where you have the logit, `bceWithLogits` keeps more digits. A sure and
 * wrong answer costs Infinity: nothing is clamped. */
export const bce = defineLoss({
  name: "bce",
  family: "binary",
  inputs: { probability: { axes: "...", domain: "probability" }, target: { axes: "...", kind: "binary" } },
  params: { base: logBase },
  references: ["Good 1952, Rational Decisions"],
  check: {
    inputs: { probability: [0.9, 0.2], target: [1, 0] },
    options: { base: 2, reduction: "sum" },
    value: 0.4739311883324123,
  },
  expr({ probability, target, base }) {
    const nats = target.expect(probability.log().neg(), constant(1).sub(probability).log().neg());
    return base === Math.E ? nats : nats.div(Math.log(base));
  },
});
