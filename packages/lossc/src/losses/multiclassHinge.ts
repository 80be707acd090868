import { defineLoss } from "../contract/define.ts";
import { where } from "../language/expr.ts";

/** Multi-class hinge of Weston and Watkins: every wrong class within the margin of the true one adds its excess.
 *
 * For scores whose order matters and not their probability. Classes beyond the margin have gradient 0; the sum
 * is not divided by the number of classes. */
export const multiclassHinge = defineLoss({
  name: "multiclassHinge",
  family: "multiclass",
  inputs: { logits: "n... c", target: { axes: "n...", kind: "classes", over: "c", maskedBy: "logits" } },
  params: {
    margin: { default: 1, doc: "How far the true class must lead." },
    power: {
      default: 1,
      integer: true,
      min: 1,
      max: 2,
      static: true,
      doc: "1 adds the excesses, 2 their squares.",
    },
  },
  references: ["Weston & Watkins 1999, Support Vector Machines for Multi-Class Pattern Recognition"],
  check: { inputs: { logits: [[3, 1, -3]], target: [0] }, options: { margin: 5 }, value: 3 },
  expr({ logits, target, margin, power }) {
    return target.expect(({ at, is }) => {
      const excess = logits.sub(at(logits)).add(margin).relu(); // 0 at the kink
      return where(is, 0, power === 2 ? excess.square() : excess).sum("c");
    });
  },
});
