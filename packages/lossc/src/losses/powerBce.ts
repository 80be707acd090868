import { defineLoss } from "../contract/define.ts";
import { constant } from "../language/expr.ts";

/** Binary cross-entropy with the probability raised to a power n.
 *
 * For imbalance: with n > 1 a positive's loss and gradient are n times those of cross-entropy, and an easy
 * negative's nearly vanish. */
export const powerBce = defineLoss({
  name: "powerBce",
  family: "binary",
  arithmetic: "float64",
  inputs: { logits: "...", target: { axes: "...", kind: "binary", posWeight: true } },
  params: { n: { default: 2, above: 0, doc: "The power of the probability; 1 is cross-entropy." } },
  references: ["The power-n trick: cross-entropy of σ(x)ⁿ"],
  check: { inputs: { logits: [0], target: [1] }, options: { n: 4 }, value: 2.772588722239781 },
  expr({ logits, target, n }) {
    const power = logits.sigmoid().pow(n);
    return target.expect(n.mul(logits.neg().softplus()), constant(1).sub(power).log().neg());
  },
});
