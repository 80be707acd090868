import { defineLoss } from "../contract/define.ts";
import { where } from "../language/expr.ts";
import { batchInputs, pairs, tripletParams } from "./parts/pairs.ts";

/** Semi-hard triplet loss: each pair of equals against the nearest negative that is farther than the positive.
 *
 * For embeddings of labelled batches, gentler than batch-hard: where all negatives are nearer than the positive, the
 * farthest of them stands in. The gradient of a pair reaches three samples. */
export const tripletSemiHard = defineLoss({
  name: "tripletSemiHard",
  family: "metric",
  inputs: batchInputs,
  params: tripletParams,
  references: [
    "Schroff et al. 2015, FaceNet: A Unified Embedding for Face Recognition and Clustering, sec. 3.2",
  ],
  check: {
    inputs: {
      embeddings: [
        [0, 0],
        [3, 0],
        [0, 1],
        [4, 0],
      ],
      labels: [0, 0, 1, 1],
    },
    options: { normalize: false, distance: "euclidean", margin: 1 },
    value: 0.9804139827246406,
  },
  expr({ embeddings, labels, margin, distance, normalize }) {
    const { between, positive, negative } = pairs(embeddings, labels, distance, normalize);
    // A second look at the anchor's partners, along k: the negatives of each pair (n, m).
    const [toNegative, isNegative] = [between.rename("m", "k"), negative.rename("m", "k")];
    const farther = isNegative.and(toNegative.gt(between));
    const nearest = where(farther, toNegative, Number.POSITIVE_INFINITY).min("k");
    const farthest = where(isNegative, toNegative, Number.NEGATIVE_INFINITY).max("k");
    const chosen = where(farther.any("k"), nearest, farthest);
    return {
      loss: between.sub(chosen).add(margin).relu(),
      counted: positive.and(negative.any("m")),
    };
  },
});
