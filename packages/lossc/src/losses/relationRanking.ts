import { defineLoss } from "../contract/define.ts";
import { where } from "../language/expr.ts";

/** Pairwise ranking of CR-CNN: the true class's score is pushed above one margin, the best wrong one below another.
 *
 * For relation classification with a class "other" that has no pattern of its own: its samples only push the
 * best wrong score down. The gradient reaches two classes of a row and fades once both margins hold. */
export const relationRanking = defineLoss({
  name: "relationRanking",
  family: "ranking",
  inputs: {
    logits: "n... c",
    target: { axes: "n...", kind: "classes", over: "c", maskedBy: "logits", none: true },
  },
  params: {
    gamma: { default: 2, above: 0, doc: "How sharply a score is pushed to its margin." },
    marginPositive: { default: 2.5, doc: "Where the true class's score should be." },
    marginNegative: { default: 0.5, doc: "Minus this is where the best wrong score should be." },
    otherClass: {
      default: null,
      min: 0,
      integer: true,
      or: [null],
      doc: "The class without a score of its own; the label −1 always means it.",
    },
  },
  references: [
    "dos Santos, Xiang & Zhou 2015, Classifying Relations by Ranking with Convolutional Neural Networks, eq. 1",
  ],
  check: { inputs: { logits: [[1, 0.3, -1]], target: [0] }, value: 4.832488092462081 },
  expr({ logits, target, gamma, marginPositive, marginNegative, otherClass }) {
    return target.expect(({ at, is, label }) => {
      const isOther = otherClass === null ? label.lt(0) : label.lt(0).or(label.eq(otherClass));
      const positive = gamma.mul(marginPositive.sub(at(logits))).softplus();
      const bestWrong = where(is, Number.NEGATIVE_INFINITY, logits).max("c");
      return where(isOther, 0, positive).add(gamma.mul(marginNegative.add(bestWrong)).softplus());
    });
  },
});
