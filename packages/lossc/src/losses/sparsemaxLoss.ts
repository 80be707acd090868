import { defineLoss } from "../contract/define.ts";
import { iota, where } from "../language/expr.ts";

/** Sparsemax loss: the counterpart of cross-entropy for sparsemax, which gives probability exactly 0 to far classes.
 *
 * For outputs that should name few classes. Its gradient is sparsemax(logits) − target, exactly 0 once the true class
 * leads by 1; for soft targets it is 0 where sparsemax equals the target. */
export const sparsemaxLoss = defineLoss({
  name: "sparsemaxLoss",
  family: "multiclass",
  inputs: { logits: "n... c", target: { axes: "n...", kind: "classes", over: "c", maskedBy: "logits" } },
  references: ["Martins & Astudillo 2016, From Softmax to Sparsemax, eq. 21"],
  check: { inputs: { logits: [[0.5, 0.2, -0.3]], target: [1] }, value: 0.4225 },
  expr({ logits, target }) {
    // Everything counts from the row's largest, which changes nothing and keeps the digits.
    const z = logits.sub(logits.max("c").stopGradient());
    const sorted = z.inOrder(z.order("c"), "c", "place");
    const place = iota("place").add(1);
    const inSupport = place.mul(sorted).add(1).gt(sorted.cumsum("place"));
    const count = inSupport.sum("place");
    const threshold = where(inSupport, sorted, 0).sum("place").sub(1).div(count);
    const squares = where(z.le(threshold), 0, z.square().sub(threshold.square())).sum("c");
    const truth = target.expect(({ is }) => is.mul(1));
    return squares.mul(0.5).add(truth.square().sum("c").mul(0.5)).sub(truth.weigh(z).sum("c"));
  },
});
