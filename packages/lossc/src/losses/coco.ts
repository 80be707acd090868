import { defineLoss } from "../contract/define.ts";
import { size } from "../language/expr.ts";
import { cosines, headInputs, softmaxOf } from "./parts/angles.ts";

/** COCO (congenerous cosine): cross-entropy of cosines, scaled by what the number of classes needs.
 *
 * For person and face recognition. Its gradient turns features towards their class's centre and away from the others';
 * the default scale lets the loss get near 0 whatever the number of classes. */
export const coco = defineLoss({
  name: "coco",
  family: "head",
  inputs: headInputs,
  params: {
    alpha: {
      default: null,
      above: 0,
      or: [null],
      doc: "What cosines are multiplied by; null is ½ log(C − 1) + 3.",
    },
  },
  references: [
    "Liu, Li & Wang 2017, Rethinking Feature Discrimination and Polymerization for Large-scale Recognition, eq. 7",
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
    value: 1.0374879504858856,
  },
  expr({ features, weights, labels, alpha }) {
    const scale = alpha ?? size("c").sub(1).log().mul(0.5).add(3);
    return softmaxOf(labels, cosines(features, weights).mul(scale));
  },
});
