import { defineLoss } from "../contract/define.ts";
import { constant, where } from "../language/expr.ts";

/** Binary cross-entropy with the probability raised to a power n.
 *
 * For imbalance: with n > 1 a positive's loss and gradient are n times those of cross-entropy, and an easy
 * negative's nearly vanish. */
export const powerBce = defineLoss({
  name: "powerBce",
  family: "binary",
  inputs: { logits: "...", target: { axes: "...", kind: "binary", posWeight: true } },
  params: { n: { default: 2, above: 0, doc: "The power of the probability; 1 is cross-entropy." } },
  references: ["The power-n trick: cross-entropy of σ(x)ⁿ"],
  check: { inputs: { logits: [0], target: [1] }, options: { n: 4 }, value: 2.772588722239781 },
  expr({ logits, target, n }) {
    const surprise = logits.neg().softplus(); // −log p
    const exponent = n.mul(surprise); //         −log pⁿ
    // For a sure positive −log p is e to the −z, before it underflows, and 1 − pⁿ is n times that.
    const isSure = exponent.add(surprise).lt(1e-18);
    const negative = where(isSure, logits.sub(n.log()), exponent.neg().log1mexp().neg());
    const formula = constant(1).sub(logits.sigmoid().pow(n)).log().neg();
    return target.expect(exponent, formula.computedAs(negative));
  },
});
