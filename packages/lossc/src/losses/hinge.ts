import { defineLoss } from "../contract/define.ts";

/** Hinge: how far a score falls short of the margin on the target's side.
 *
 * The loss of the support-vector machine. Samples beyond the margin have gradient 0 and are ignored; all others
 * pull with the same force. */
export const hinge = defineLoss({
  name: "hinge",
  family: "margin",
  inputs: { score: "...", target: { axes: "...", kind: "sign" } },
  params: { margin: { default: 1, doc: "The score from which a sample counts as settled." } },
  references: ["Cortes & Vapnik 1995, Support-Vector Networks"],
  check: { inputs: { score: [0.3, -2, 4], target: [1, 1, -1] }, options: { reduction: "sum" }, value: 8.7 },
  expr({ score, target, margin }) {
    return margin.sub(target.mul(score)).relu(); // 0 at the kink
  },
});
