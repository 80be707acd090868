import { defineLoss } from "../contract/define.ts";

/** Binary cross-entropy of a logit: minus the log-likelihood of a target in [0, 1].
 *
 * The loss for yes-or-no outputs and for several labels at once. Its gradient is σ(x) − target: it never dies on
 * a wrong answer, however sure the model is, which the squared error of a sigmoid does. */
export const bceWithLogits = defineLoss({
  name: "bceWithLogits",
  family: "binary",
  inputs: { logits: "...", target: { axes: "...", kind: "binary", posWeight: true } },
  references: ["Good 1952, Rational Decisions"],
  check: {
    inputs: { logits: [0, 2, -3], target: [1, 1, 0] },
    options: { reduction: "sum" },
    value: 0.8686625431766599,
  },
  expr({ logits, target }) {
    return target.expectOf(logits, (x) => x.softplus(), { rise: (size) => size });
  },
});
