import { defineLoss } from "../contract/define.ts";
import { constant } from "../language/expr.ts";

/** Binary focal loss: cross-entropy, scaled down where the model is right already.
 *
 * For many easy negatives and few positives (dense detection). A sample with probability p of its true class
 * has its loss multiplied by (1 − p)^gamma, so the easy ones no longer carry most of the gradient. */
export const binaryFocal = defineLoss({
  name: "binaryFocal",
  family: "binary",
  arithmetic: "float64",
  inputs: { logits: "...", target: { axes: "...", kind: "binary", posWeight: true } },
  params: {
    gamma: { default: 2, min: 0, doc: "How strongly easy samples are scaled down; 0 is cross-entropy." },
    alpha: {
      default: 0.25,
      min: 0,
      max: 1,
      or: [null],
      doc: "The weight of positives, 1 − alpha that of negatives; null weighs neither.",
    },
  },
  references: ["Lin et al. 2017, Focal Loss for Dense Object Detection, eq. 5"],
  check: {
    inputs: { logits: [2.1972245773362196], target: [1] },
    options: { alpha: null },
    value: 0.0010536051565782623,
  },
  expr({ logits, target, gamma, alpha }) {
    const focused = (x: typeof logits) => x.sigmoid().pow(gamma).mul(x.softplus());
    if (alpha === null) return target.expectOf(logits, focused);
    const weights = { positive: alpha, negative: constant(1).sub(alpha) };
    return target.expectOf(logits, focused, { weights });
  },
});
