import { defineLoss } from "../contract/define.ts";
import { batchInputs, pairs, tripletParams } from "./parts/pairs.ts";

/** Batch-all triplet loss: every triplet of a batch that does not hold the margin, averaged.
 *
 * For embeddings of labelled batches where the hardest triplets would be noise. The mean is over the triplets with a
 * loss only, so that its gradient does not fade as more of them hold the margin. */
export const tripletBatchAll = defineLoss({
  name: "tripletBatchAll",
  family: "metric",
  inputs: batchInputs,
  params: tripletParams,
  references: [
    "Hermans, Beyer & Leibe 2017, In Defense of the Triplet Loss for Person Re-Identification, eq. 6",
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
    value: 2.5954095974476976,
  },
  expr({ embeddings, labels, margin, distance, normalize }) {
    const { between, positive, negative } = pairs(embeddings, labels, distance, normalize);
    const loss = between.sub(between.rename("m", "k")).add(margin).relu();
    const valid = positive.and(negative.rename("m", "k"));
    return { loss, counted: valid.and(loss.le(0).not()) }; // NaN counts
  },
});
