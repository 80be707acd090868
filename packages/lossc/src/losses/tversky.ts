import { defineLoss } from "../contract/define.ts";
import { maskInputs, overlapOf, smoothing, tverskyOf } from "./parts/overlap.ts";

/** Tversky loss of masks: Dice with separate weights for false alarms and misses.
 *
 * For segmentation where one kind of error is worse: a larger `beta` gives missed pixels more gradient. With both ½ it
 * is `dice`. One row is one sample; for several classes give a row per class. */
export const tversky = defineLoss({
  name: "tversky",
  family: "segmentation",
  inputs: maskInputs,
  params: {
    alpha: { default: 0.5, min: 0, doc: "The weight of false alarms." },
    beta: { default: 0.5, min: 0, doc: "The weight of misses." },
    smooth: smoothing,
  },
  references: [
    "Salehi et al. 2017, Tversky Loss Function for Image Segmentation Using 3D Fully Convolutional Deep Networks, eq. 3",
  ],
  check: {
    inputs: { probability: [[0.5, 1, 0]], target: [[1, 1, 0]] },
    options: { beta: 0.7 },
    value: 0.14893617021276595,
  },
  expr({ logits, probability, target, alpha, beta, smooth }) {
    return tverskyOf(overlapOf({ logits, probability, target }), alpha, beta, smooth);
  },
});
