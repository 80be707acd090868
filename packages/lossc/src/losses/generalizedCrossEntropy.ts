import { defineLoss } from "../contract/define.ts";
import { constant } from "../language/expr.ts";

/** Generalized cross-entropy: (1 − pᵠ)/q, between cross-entropy (q → 0) and the absolute error of the probability (q = 1).
 *
 * For noisy labels: a sample's pull is cross-entropy's times pᵠ, so that one whose label the model finds impossible
 * has next to none. A start from random weights therefore learns slowly at large q. */
export const generalizedCrossEntropy = defineLoss({
  name: "generalizedCrossEntropy",
  family: "multiclass",
  inputs: { logits: "n... c", target: { axes: "n...", kind: "classes", over: "c", maskedBy: "logits" } },
  params: {
    q: { default: 0.7, above: 0, max: 1, doc: "How far from cross-entropy; larger is more robust." },
  },
  references: [
    "Zhang & Sabuncu 2018, Generalized Cross Entropy Loss for Training Deep Neural Networks, eq. 6",
  ],
  check: { inputs: { logits: [[3, 1, -3]], target: [0] }, value: 0.12344657718639591 },
  expr({ logits, target, q }) {
    const logProbability = logits.logSoftmax("c");
    const formula = target.expect(({ at }) =>
      constant(1)
        .sub(at(logits.softmax("c")).pow(q))
        .div(q),
    );
    return formula.computedAs(target.expect(({ at }) => q.mul(at(logProbability)).expm1().neg().div(q)));
  },
});
