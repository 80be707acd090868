import { defineLoss } from "../contract/define.ts";
import { where } from "../language/expr.ts";
import { cosines, headInputs, sineOf, softmaxOf } from "./parts/angles.ts";

/** Combined margin: cross-entropy of scaled cosines, with the true class's as cos(m1·θ + m2) − m3.
 *
 * SphereFace's, ArcFace's and CosFace's margins in one. Beyond m1·θ + m2 = π the true logit rises again with the angle,
 * as the formula says, so its gradient pulls the wrong way there; keep the margins small. */
export const combinedMargin = defineLoss({
  name: "combinedMargin",
  family: "head",
  inputs: headInputs,
  params: {
    scale: { default: 64, above: 0, doc: "What cosines are multiplied by: how sharp the softmax is." },
    m1: { default: 1, above: 0, doc: "The factor of the true class's angle." },
    m2: { default: 0.3, min: 0, doc: "Radians added to it." },
    m3: { default: 0.2, min: 0, doc: "What is taken off its cosine." },
  },
  references: ["Deng et al. 2019, ArcFace: Additive Angular Margin Loss for Deep Face Recognition, eq. 4"],
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
    value: 1.561835407508575,
  },
  expr({ features, weights, labels, scale, m1, m2, m3 }) {
    const cosine = cosines(features, weights);
    const own = labels.truth.at(cosine);
    const withMargin = m1.mul(sineOf(own).atan2(own)).add(m2).cos().sub(m3);
    return softmaxOf(labels, where(labels.truth.is, withMargin, cosine).mul(scale));
  },
});
