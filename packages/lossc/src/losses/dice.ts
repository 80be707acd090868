import { defineLoss } from "../contract/define.ts";
import { constant } from "../language/expr.ts";
import { maskInputs, overlapOf, smoothing, tverskyOf } from "./parts/overlap.ts";

/** Dice loss of masks: one minus twice the overlap as a share of both masks together.
 *
 * For segmentation of small objects: the share does not change with the size of the background. Its gradient belongs to
 * the whole mask, and is weak on a pixel by itself; cross-entropy beside it helps. One row is one sample. */
export const dice = defineLoss({
  name: "dice",
  family: "segmentation",
  inputs: maskInputs,
  params: { smooth: smoothing },
  references: [
    "Milletari et al. 2016, V-Net: Fully Convolutional Neural Networks for Volumetric Medical Image Segmentation",
  ],
  check: { inputs: { probability: [[0.5, 1, 0]], target: [[1, 1, 0]] }, value: 0.1111111111111111 },
  expr({ logits, probability, target, smooth }) {
    return tverskyOf(overlapOf({ logits, probability, target }), constant(0.5), constant(0.5), smooth);
  },
});
