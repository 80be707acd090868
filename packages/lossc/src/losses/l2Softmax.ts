import { defineLoss } from "../contract/define.ts";
import { headInputs, softmaxOf } from "./parts/angles.ts";

/** L2-constrained softmax: cross-entropy of features brought to the length `alpha`; weights keep their lengths.
 *
 * For face verification: easy and hard pictures get features of the same length, so that hard ones keep their say.
 * Its gradient turns features and never lengthens them. `alphaLowerBound` says how large `alpha` must be. */
export const l2Softmax = defineLoss({
  name: "l2Softmax",
  family: "head",
  inputs: { ...headInputs, bias: { axes: "c", optional: true } },
  params: { alpha: { default: 16, above: 0, doc: "The length that features are given." } },
  references: [
    "Ranjan, Castillo & Chellappa 2017, L2-constrained Softmax Loss for Discriminative Face Verification, eq. 3",
  ],
  check: {
    inputs: {
      features: [[3, 4]],
      weights: [
        [1, 0],
        [0, 2],
      ],
      labels: [0],
    },
    options: { alpha: 2 },
    value: 2.1269280110429727,
  },
  expr({ features, weights, labels, bias, alpha }) {
    const logits = features.unit("d").mul(alpha).contract(weights, "d");
    return softmaxOf(labels, bias ? logits.add(bias) : logits);
  },
});
