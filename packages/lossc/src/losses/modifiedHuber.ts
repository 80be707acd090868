import { defineLoss } from "../contract/define.ts";
import { constant, where } from "../language/expr.ts";

/** Modified Huber: the squared hinge, linear where the score is more than 1 on the wrong side.
 *
 * For linear classifiers that should give probabilities and bear mislabelled samples: its gradient grows to −4 and
 * no further, where the squared hinge's keeps growing. Samples beyond the margin have gradient 0. */
export const modifiedHuber = defineLoss({
  name: "modifiedHuber",
  family: "margin",
  inputs: { score: "...", target: { axes: "...", kind: "sign" } },
  references: [
    "Zhang 2004, Solving Large Scale Linear Prediction Problems Using Stochastic Gradient Descent Algorithms",
  ],
  check: { inputs: { score: [0.5, -3, 2], target: [1, 1, 1] }, options: { reduction: "sum" }, value: 12.25 },
  expr({ score, target }) {
    const z = target.mul(score);
    return where(z.lt(-1), z.mul(-4), constant(1).sub(z).relu().square()); // the slopes meet at −1
  },
});
