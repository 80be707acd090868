import { defineLoss } from "../contract/define.ts";
import { constant } from "../language/expr.ts";

/** Zero-one: 1 where the score's sign is not the target's, else 0.
 *
 * For judging a classifier, not for training one: its gradient is 0 everywhere, so there is nothing to learn from.
 * A score of 0 counts as wrong. */
export const zeroOne = defineLoss({
  name: "zeroOne",
  family: "margin",
  inputs: { score: "...", target: { axes: "...", kind: "sign" } },
  references: ["Wald 1950, Statistical Decision Functions"],
  check: { inputs: { score: [0.3, -2, 0], target: [1, 1, -1] }, options: { reduction: "sum" }, value: 2 },
  expr({ score, target }) {
    return constant(1).sub(target.mul(score).step());
  },
});
