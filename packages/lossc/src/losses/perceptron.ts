import { defineLoss } from "../contract/define.ts";

/** Perceptron: how far a score lies on the wrong side of 0.
 *
 * A hinge without a margin: right samples have gradient 0 however narrowly they are right, and a score of 0 for all
 * costs nothing either. */
export const perceptron = defineLoss({
  name: "perceptron",
  family: "margin",
  inputs: { score: "...", target: { axes: "...", kind: "sign" } },
  references: ["Rosenblatt 1958, The Perceptron"],
  check: { inputs: { score: [0.3, -2, 4], target: [1, 1, -1] }, options: { reduction: "sum" }, value: 6 },
  expr({ score, target }) {
    return target.mul(score).neg().relu(); // 0 at the kink
  },
});
