import { defineLoss } from "../contract/define.ts";
import { constant, size, where } from "../language/expr.ts";

/** Multi-class ramp: the hinge of the true class's lead over the best wrong one, cut off below `s`.
 *
 * For mislabelled data with several classes: a sample that is hopelessly wrong costs a constant and has gradient 0.
 * Not convex. */
export const multiclassRamp = defineLoss({
  name: "multiclassRamp",
  family: "multiclass",
  inputs: { logits: "n... c", target: { axes: "n...", kind: "classes", over: "c", maskedBy: "logits" } },
  params: {
    s: {
      default: null,
      or: [null],
      doc: "The lead below which the loss no longer grows; null is −1/(C − 1).",
    },
    margin: { default: 1, doc: "The lead from which a sample counts as settled." },
  },
  references: ["Wu & Liu 2007, Robust Truncated Hinge Loss Support Vector Machines"],
  check: { inputs: { logits: [[3, 2.5, -3]], target: [0] }, value: 0.5 },
  valid: ({ s, margin }) =>
    s === null || s < margin ? undefined : `"s" is ${s}; it must be less than "margin", ${margin}.`,
  expr({ logits, target, s, margin }) {
    const low = s ?? constant(-1).div(size("c").sub(1));
    return target.expect(({ at, is }) => {
      const lead = at(logits).sub(where(is, Number.NEGATIVE_INFINITY, logits).max("c"));
      return where(lead.le(low), margin.sub(low), margin.sub(lead).relu()); // 0 at both kinks
    });
  },
});
