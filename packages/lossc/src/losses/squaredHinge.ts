import { defineLoss } from "../contract/define.ts";

/** Squared hinge: the square of how far a score falls short of the margin on the target's side.
 *
 * A hinge without a corner, for solvers that want a continuous gradient. The gradient is proportional to the
 * shortfall, so a single mislabelled sample pulls harder than under `hinge`. */
export const squaredHinge = defineLoss({
  name: "squaredHinge",
  family: "margin",
  inputs: { score: "...", target: { axes: "...", kind: "sign" } },
  params: { margin: { default: 1, doc: "The score from which a sample counts as settled." } },
  references: ["Lee & Mangasarian 2001, SSVM: A Smooth Support Vector Machine for Classification"],
  check: { inputs: { score: [0.5, -2, 4], target: [1, 1, -1] }, options: { reduction: "sum" }, value: 34.25 },
  expr({ score, target, margin }) {
    return margin.sub(target.mul(score)).relu().square();
  },
});
