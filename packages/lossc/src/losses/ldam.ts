import { defineLoss } from "../contract/define.ts";
import { where } from "../language/expr.ts";

/** Label-distribution-aware margin: cross-entropy in which rarer classes must lead by more.
 *
 * For long-tailed classes: the true logit is lowered by a margin proportional to (its class's count)^(−¼), so rare
 * classes get room. Made for logits that are cosines; the gradient is cross-entropy's of the shifted logits. */
export const ldam = defineLoss({
  name: "ldam",
  family: "multiclass",
  inputs: { logits: "n... c", target: { axes: "n...", kind: "classes", over: "c", maskedBy: "logits" } },
  params: {
    classCounts: {
      default: 1,
      above: 0,
      axes: "c",
      doc: "How often each class occurs; one number is equally often.",
    },
    C: { default: 0.5, min: 0, doc: "The margin of the rarest class." },
    s: { default: 30, above: 0, doc: "What the logits are multiplied by." },
  },
  references: [
    "Cao et al. 2019, Learning Imbalanced Datasets with Label-Distribution-Aware Margin Loss, eq. 13",
  ],
  check: {
    inputs: { logits: [[0.9, 0.7, -0.3]], target: [1] },
    options: { classCounts: [1000, 100, 10], s: 10 },
    value: 4.819813784374165,
  },
  expr({ logits, target, classCounts, C, s }) {
    const margins = C.mul(classCounts.div(classCounts.min("c")).pow(-0.25));
    return target.expect(({ at, is }) => {
      const shifted = where(is, logits.sub(at(margins)), logits).mul(s);
      return where(is, shifted.logSoftmax("c"), 0).sum("c").neg();
    });
  },
});
