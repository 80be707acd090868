import { defineLoss } from "../contract/define.ts";
import { logBase } from "./parts/base.ts";

/** Softmax cross-entropy: minus the log-probability of the true class.
 *
 * The loss for one class out of many. Its gradient is softmax(z) − target: as large as the mistake, bounded by 1,
 * and alive on every wrong answer. */
export const crossEntropy = defineLoss({
  name: "crossEntropy",
  family: "multiclass",
  inputs: { logits: "n... c", target: { axes: "n...", kind: "classes", over: "c", maskedBy: "logits" } },
  params: { base: logBase },
  references: ["Bridle 1990, Probabilistic Interpretation of Feedforward Classification Network Outputs"],
  check: { inputs: { logits: [[3, 1, -3]], target: [0] }, value: 0.1291089088298506 },
  expr({ logits, target, base }) {
    const nats = target.expect(({ at }) => at(logits.logSoftmax("c")).neg());
    return base === Math.E ? nats : nats.div(Math.log(base));
  },
});
