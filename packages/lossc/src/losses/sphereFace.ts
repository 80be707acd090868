import { defineLoss } from "../contract/define.ts";
import { where } from "../language/expr.ts";
import { angleMultiple, cosines, headInputs, softmaxOf } from "./parts/angles.ts";

/** SphereFace (A-Softmax): large-margin softmax on normalised weights, so that only angles decide.
 *
 * For face recognition and other open-set classification. The true class's angle counts m-fold; `lambda` mixes in the
 * plain cosine and is annealed from large to small. The gradient is the true one, through the norms too. */
export const sphereFace = defineLoss({
  name: "sphereFace",
  family: "head",
  inputs: headInputs,
  params: {
    m: {
      default: 4,
      integer: true,
      min: 1,
      max: 8,
      static: true,
      doc: "The factor of the true class's angle; 1 is softmax on normalised weights.",
    },
    lambda: {
      default: 5,
      min: 0,
      doc: "The weight of cos θ beside ψ(θ): the logit is ‖x‖(λ cos θ + ψ)/(1 + λ).",
    },
  },
  references: ["Liu et al. 2017, SphereFace: Deep Hypersphere Embedding for Face Recognition, eq. 7"],
  check: {
    inputs: {
      features: [[3, 4]],
      weights: [
        [1, 0],
        [0, 2],
      ],
      labels: [0],
    },
    options: { m: 2, lambda: 1 },
    value: 3.2399533331624304,
  },
  expr({ features, weights, labels, m, lambda }) {
    const cosine = cosines(features, weights);
    const own = labels.truth.at(cosine);
    const withMargin = lambda.mul(own).add(angleMultiple(own, m)).div(lambda.add(1));
    return softmaxOf(labels, features.norm("d").mul(where(labels.truth.is, withMargin, cosine)));
  },
});
