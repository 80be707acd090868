import { defineLoss } from "../contract/define.ts";

/** Logit-adjusted cross-entropy: the logarithm of each class's frequency is added to its logit in training.
 *
 * For long-tailed classes: the model learns what the classes' frequencies do not explain, and the raw logits are then
 * right for balanced error. The gradient is cross-entropy's of the adjusted logits. */
export const logitAdjusted = defineLoss({
  name: "logitAdjusted",
  family: "multiclass",
  inputs: { logits: "n... c", target: { axes: "n...", kind: "classes", over: "c", maskedBy: "logits" } },
  params: {
    classCounts: {
      default: 1,
      above: 0,
      axes: "c",
      doc: "How often each class occurs; one number is equally often.",
    },
    tau: { default: 1, doc: "How much of the adjustment; 0 is cross-entropy." },
  },
  references: ["Menon et al. 2021, Long-tail Learning via Logit Adjustment, eq. 10"],
  check: {
    inputs: { logits: [[0.9, 0.7, -0.3]], target: [1] },
    options: { classCounts: [1000, 100, 10] },
    value: 2.5840590996490187,
  },
  expr({ logits, target, classCounts, tau }) {
    const adjusted = logits.add(tau.mul(classCounts.div(classCounts.sum("c")).log()));
    return target.expect(({ at }) => at(adjusted.logSoftmax("c")).neg());
  },
});
