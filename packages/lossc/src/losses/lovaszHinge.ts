import { defineLoss } from "../contract/define.ts";
import { constant } from "../language/expr.ts";
import { lovaszOf } from "./parts/lovasz.ts";

/** Lovász hinge: the Jaccard loss of a mask, made convex in the logits' margins.
 *
 * For segmentation judged by IoU. Pixels are sorted by their hinge; each one's gradient is what the Jaccard loss grows
 * by as it joins the wrong ones. Of an empty mask only the worst false alarm has a gradient. */
export const lovaszHinge = defineLoss({
  name: "lovaszHinge",
  family: "segmentation",
  inputs: { logits: "n ...", target: { axes: "n ...", domain: "mask" } },
  references: ["Yu & Blaschko 2015, The Lovász Hinge", "Berman et al. 2018, The Lovász-Softmax Loss, alg. 1"],
  check: { inputs: { logits: [[0.5, -0.2, 2]], target: [[1, 1, 0]] }, value: 1.5666666666666667 },
  expr({ logits, target }) {
    const errors = constant(1)
      .sub(logits.mul(target.mul(2).sub(1)))
      .relu();
    return lovaszOf(errors, target, "...");
  },
});
