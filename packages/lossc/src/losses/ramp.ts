import { defineLoss } from "../contract/define.ts";
import { where } from "../language/expr.ts";

/** Ramp: the hinge, cut off where the score is below `s` on the target's side.
 *
 * For mislabelled data: a sample that is hopelessly wrong costs a constant and has gradient 0, so it cannot drag
 * the boundary. Not convex. */
export const ramp = defineLoss({
  name: "ramp",
  family: "margin",
  inputs: { score: "...", target: { axes: "...", kind: "sign" } },
  params: {
    s: {
      default: -0.5,
      doc: "The score below which the loss no longer grows; less than `margin`. −1/(C − 1) is suggested for C classes.",
    },
    margin: { default: 1, doc: "The score from which a sample counts as settled." },
  },
  references: [
    "Collobert et al. 2006, Trading Convexity for Scalability",
    "Wu & Liu 2007, Robust Truncated Hinge Loss Support Vector Machines",
  ],
  check: { inputs: { score: [0.3, -2, 4], target: [1, 1, -1] }, options: { reduction: "sum" }, value: 3.7 },
  valid: ({ s, margin }) =>
    s < margin ? undefined : `"s" is ${s}; it must be less than "margin", ${margin}.`,
  expr({ score, target, s, margin }) {
    const z = target.mul(score);
    return where(z.le(s), margin.sub(s), margin.sub(z).relu()); // 0 at both kinks
  },
});
