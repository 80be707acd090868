import { defineLoss } from "../contract/define.ts";
import { maskInputs, overlapOf, smoothing, tverskyOf } from "./parts/overlap.ts";

/** Focal Tversky loss of masks: the Tversky loss raised to a power.
 *
 * For segmentation of small lesions. With `gamma` below 1 masks that are nearly right keep a large gradient (infinite at
 * a perfect one), with `gamma` above 1 those that are wrong get most. One row is one sample. */
export const focalTversky = defineLoss({
  name: "focalTversky",
  family: "segmentation",
  inputs: maskInputs,
  params: {
    alpha: { default: 0.5, min: 0, doc: "The weight of false alarms." },
    beta: { default: 0.5, min: 0, doc: "The weight of misses." },
    gamma: { default: 0.75, above: 0, doc: "The power." },
    smooth: smoothing,
  },
  references: [
    "Abraham & Khan 2019, A Novel Focal Tversky Loss Function With Improved Attention U-Net for Lesion Segmentation, eq. 4",
  ],
  check: {
    inputs: { probability: [[0.5, 1, 0]], target: [[1, 1, 0]] },
    options: { gamma: 2 },
    value: 0.012345679012345678,
  },
  expr({ logits, probability, target, alpha, beta, gamma, smooth }) {
    return tverskyOf(overlapOf({ logits, probability, target }), alpha, beta, smooth).pow(gamma);
  },
});
