import { defineLoss } from "../contract/define.ts";
import { where } from "../language/expr.ts";

/** Multi-class hinge of Crammer and Singer: how far the true class falls short of leading the best wrong one by the margin.
 *
 * For scores whose order matters and not their probability. The gradient reaches two classes of a row, the true one
 * and the first of the best wrong ones, and is 0 beyond the margin. */
export const crammerSinger = defineLoss({
  name: "crammerSinger",
  family: "multiclass",
  inputs: { logits: "n... c", target: { axes: "n...", kind: "classes", over: "c", maskedBy: "logits" } },
  params: { margin: { default: 1, doc: "How far the true class must lead." } },
  references: [
    "Crammer & Singer 2001, On the Algorithmic Implementation of Multiclass Kernel-based Vector Machines",
  ],
  check: { inputs: { logits: [[3, 1, -3]], target: [0] }, options: { margin: 5 }, value: 3 },
  expr({ logits, target, margin }) {
    return target.expect(({ at, is }) => {
      const bestWrong = where(is, Number.NEGATIVE_INFINITY, logits).max("c");
      return margin.add(bestWrong.sub(at(logits))).relu(); // 0 at the kink
    });
  },
});
