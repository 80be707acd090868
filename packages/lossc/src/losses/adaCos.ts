import { defineLoss } from "../contract/define.ts";
import { constant, size, where } from "../language/expr.ts";
import { cosines, headInputs, sineOf, softmaxOf } from "./parts/angles.ts";

/** AdaCos: cross-entropy of scaled cosines whose scale follows from the batch.
 *
 * For face recognition without a scale to tune: it falls as the angles of the true classes shrink, so the gradient stays
 * alive. The scale is constant in the gradient; `state` gives it for the next call. */
export const adaCos = defineLoss({
  name: "adaCos",
  family: "head",
  inputs: headInputs,
  params: {
    scale: { default: null, above: 0, or: [null], doc: "The last call's scale; null is √2 log(C − 1)." },
    dynamic: { default: true, doc: "Set the scale from this batch; otherwise it stays as given." },
  },
  references: [
    "Zhang et al. 2019, AdaCos: Adaptively Scaling Cosine Logits for Effectively Learning Deep Face Representations, eq. 15",
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
    options: { dynamic: false, scale: 2 },
    value: 0.9130152523999526,
  },
  expr({ features, weights, labels, scale, dynamic }) {
    const cosine = cosines(features, weights);
    const before = scale ?? size("c").sub(1).log().mul(Math.SQRT2);
    const own = labels.truth.at(cosine);
    const angle = sineOf(own)
      .atan2(own)
      .median("n")
      .min(Math.PI / 4);
    const others = where(labels.truth.is, Number.NEGATIVE_INFINITY, cosine.mul(before)).logSumExp("c");
    const logMean = others.logSumExp("n").sub(size("n").log());
    const chosen = (dynamic ? logMean.div(angle.cos()) : constant(1).mul(before)).stopGradient();
    return { loss: softmaxOf(labels, cosine.mul(chosen)), state: { scale: chosen } };
  },
});
