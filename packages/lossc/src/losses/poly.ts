import { defineLoss } from "../contract/define.ts";
import { constant } from "../language/expr.ts";

/** Poly-1: cross-entropy plus `epsilon` times what the true class's probability lacks to 1.
 *
 * Cross-entropy is Σ (1 − p)ᵏ/k; this changes the weight of its first term. A positive `epsilon` keeps the gradient
 * larger where the model is right already, a negative one makes it smaller. */
export const poly = defineLoss({
  name: "poly",
  family: "multiclass",
  inputs: { logits: "n... c", target: { axes: "n...", kind: "classes", over: "c", maskedBy: "logits" } },
  params: {
    epsilon: { default: 2, min: -1, doc: "The weight added to the first term; 0 is cross-entropy." },
  },
  references: [
    "Leng et al. 2022, PolyLoss: A Polynomial Expansion Perspective of Classification Loss Functions, eq. 4",
  ],
  check: { inputs: { logits: [[3, 1, -3]], target: [0] }, value: 0.3713524233655488 },
  expr({ logits, target, epsilon }) {
    const logProbability = logits.logSoftmax("c");
    return target.expect(({ at }) => {
      const logP = at(logProbability);
      return logP.neg().add(epsilon.mul(constant(1).sub(logP.exp())));
    });
  },
});
