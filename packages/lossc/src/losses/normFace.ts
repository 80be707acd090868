import { defineLoss } from "../contract/define.ts";
import { cosines, headInputs, softmaxOf } from "./parts/angles.ts";

/** NormFace: cross-entropy of scaled cosines.
 *
 * For embeddings that will be compared by cosine. Its gradient turns features and weights and never lengthens them.
 * `scale` bounds how low the loss can get; given as an input, it is learnt and gets a gradient. */
export const normFace = defineLoss({
  name: "normFace",
  family: "head",
  inputs: { ...headInputs, scale: { axes: "", optional: true, domain: "positive" } },
  params: {
    scale: { default: 10, above: 0, doc: "What cosines are multiplied by: how sharp the softmax is." },
  },
  references: ["Wang et al. 2017, NormFace: L2 Hypersphere Embedding for Face Verification, eq. 8"],
  check: {
    inputs: {
      features: [[3, 4]],
      weights: [
        [1, 0],
        [0, 2],
      ],
      labels: [0],
    },
    options: { scale: 2 },
    value: 0.9130152523999526,
  },
  expr({ features, weights, labels, scale }) {
    return softmaxOf(labels, cosines(features, weights).mul(scale));
  },
});
