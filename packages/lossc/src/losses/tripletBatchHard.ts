import { defineLoss } from "../contract/define.ts";
import { where } from "../language/expr.ts";
import { batchInputs, pairs, tripletParams } from "./parts/pairs.ts";

/** Batch-hard triplet loss: each anchor's farthest positive should be nearer than its nearest negative.
 *
 * For embeddings of labelled batches with several samples per class. Only the two hardest samples of each anchor
 * pull, so training goes on where averages have settled; mislabelled data mislead it most. */
export const tripletBatchHard = defineLoss({
  name: "tripletBatchHard",
  family: "metric",
  inputs: batchInputs,
  params: tripletParams,
  references: [
    "Hermans, Beyer & Leibe 2017, In Defense of the Triplet Loss for Person Re-Identification, eq. 5",
  ],
  check: {
    inputs: {
      embeddings: [
        [0, 0],
        [3, 0],
        [0, 1],
        [1, 0],
      ],
      labels: [0, 0, 1, 1],
    },
    options: { normalize: false, distance: "euclidean", margin: 1 },
    value: 1.9571067811865475,
  },
  expr({ embeddings, labels, margin, distance, normalize }) {
    const { between, positive, negative } = pairs(embeddings, labels, distance, normalize);
    const farthest = where(positive, between, Number.NEGATIVE_INFINITY).max("m");
    const nearest = where(negative, between, Number.POSITIVE_INFINITY).min("m");
    return {
      loss: farthest.sub(nearest).add(margin).relu(),
      counted: positive.any("m").and(negative.any("m")),
    };
  },
});
