import { defineLoss } from "../contract/define.ts";
import { constant } from "../language/expr.ts";

/** Focal loss over classes: cross-entropy, scaled down where the model is right already.
 *
 * For classes of very different frequency. A sample whose true class has probability p is multiplied by
 * (1 − p)^gamma; `alpha` can weigh classes besides. */
export const focal = defineLoss({
  name: "focal",
  family: "multiclass",
  inputs: { logits: "n... c", target: { axes: "n...", kind: "classes", over: "c", maskedBy: "logits" } },
  params: {
    gamma: { default: 2, min: 0, doc: "How strongly easy samples are scaled down; 0 is cross-entropy." },
    alpha: {
      default: null,
      min: 0,
      or: [null],
      axes: "c",
      doc: "A factor for all classes, or one per class; null is none.",
    },
  },
  references: ["Lin et al. 2017, Focal Loss for Dense Object Detection, eq. 5"],
  check: { inputs: { logits: [[3, 1, -3]], target: [0] }, value: 0.0018940896756103336 },
  expr({ logits, target, gamma, alpha }) {
    const logProbability = logits.logSoftmax("c");
    return target.expect(({ at }) => {
      const logP = at(logProbability);
      const loss = constant(1).sub(logP.exp()).pow(gamma).mul(logP.neg());
      return alpha === null ? loss : at(alpha).mul(loss);
    });
  },
});
