import { defineLoss } from "../contract/define.ts";
import { where } from "../language/expr.ts";
import { addedAngle, cosineOfSum, cosines } from "./parts/angles.ts";

/** ArcFace: cross-entropy of scaled cosines, with a margin added to the true class's angle.
 *
 * For face recognition and other open-set classification. The margin asks for a constant angle between classes;
 * beyond θ = π − margin the logit goes on as s(cos θ − margin · sin margin), so it always falls with θ. */
export const arcFace = defineLoss({
  name: "arcFace",
  family: "head",
  inputs: {
    features: "n d",
    weights: "c d",
    labels: { axes: "n", kind: "classes", over: "c", labelsOnly: true },
  },
  params: {
    scale: { default: 64, above: 0, doc: "The length that features are given: how sharp the softmax is." },
    margin: { default: 0.5, min: 0, below: Math.PI, doc: "Radians added to the true class's angle." },
    easyMargin: { default: false, doc: "Apply the margin only where the angle is below π/2." },
  },
  references: ["Deng et al. 2019, ArcFace: Additive Angular Margin Loss for Deep Face Recognition, eq. 3"],
  check: {
    inputs: {
      features: [[3, 4]],
      weights: [
        [1, 0],
        [0, 2],
      ],
      labels: [0],
    },
    options: { scale: 2, margin: 0.5 },
    value: 1.552012238098918,
  },
  expr({ features, weights, labels, scale, margin, easyMargin }) {
    const cosine = cosines(features, weights);
    const own = labels.truth.at(cosine);
    const withMargin = easyMargin ? where(own.gt(0), cosineOfSum(own, margin), own) : addedAngle(own, margin);
    const logits = where(labels.truth.is, withMargin, cosine).mul(scale);
    return labels.expect(({ at }) => at(logits.logSoftmax("c")).neg());
  },
});
