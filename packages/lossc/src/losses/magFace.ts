import { defineLoss } from "../contract/define.ts";
import { constant, where } from "../language/expr.ts";
import { addedAngle, cosines, headInputs, softmaxOf } from "./parts/angles.ts";

/** MagFace: ArcFace whose margin grows with the feature's length, plus a pull towards long features.
 *
 * For face recognition where the length should tell the picture's quality. Its gradient lengthens the features of easy
 * samples and shortens those of hard ones; lengths outside the bounds count as the bound. */
export const magFace = defineLoss({
  name: "magFace",
  family: "head",
  inputs: headInputs,
  params: {
    scale: { default: 64, above: 0, doc: "What cosines are multiplied by: how sharp the softmax is." },
    lowerNorm: { default: 10, above: 0, doc: "The least length that counts." },
    upperNorm: { default: 110, above: 0, doc: "The largest length that counts." },
    lowerMargin: {
      default: 0.45,
      min: 0,
      below: Math.PI,
      doc: "The margin of the least length, in radians.",
    },
    upperMargin: { default: 0.8, min: 0, below: Math.PI, doc: "The margin of the largest length." },
    lambda: { default: 35, min: 0, doc: "The weight of the pull towards long features." },
  },
  references: [
    "Meng et al. 2021, MagFace: A Universal Representation for Face Recognition and Quality Assessment, eq. 3",
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
    options: { scale: 2 },
    value: 5.004070831276171,
  },
  valid: ({ lowerNorm, upperNorm }) =>
    lowerNorm < upperNorm
      ? undefined
      : `"lowerNorm" is ${lowerNorm}; it must be less than "upperNorm", ${upperNorm}.`,
  expr({ features, weights, labels, scale, lowerNorm, upperNorm, lowerMargin, upperMargin, lambda }) {
    const cosine = cosines(features, weights);
    const length = features.norm("d").clamp(lowerNorm, upperNorm);
    const slope = upperMargin.sub(lowerMargin).div(upperNorm.sub(lowerNorm));
    const margin = slope.mul(length.sub(lowerNorm)).add(lowerMargin);
    const withMargin = addedAngle(labels.truth.at(cosine), margin);
    const pull = constant(1).div(length).add(length.div(upperNorm.square()));
    return softmaxOf(labels, where(labels.truth.is, withMargin, cosine).mul(scale)).add(lambda.mul(pull));
  },
});
