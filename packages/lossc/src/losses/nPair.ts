import { defineLoss } from "../contract/define.ts";
import { ownPartner, similarities } from "./parts/pairs.ts";

/** N-pair loss: each anchor should be more similar to its own positive than to all others' positives at once.
 *
 * For batches with one pair per class. The softmax over partners gives the hardest of them most of the gradient,
 * without choosing any. `normalize: false` takes plain inner products, as the paper does with a penalty on lengths. */
export const nPair = defineLoss({
  name: "nPair",
  family: "metric",
  inputs: { anchor: "n d", positive: "n d" },
  params: { normalize: { default: true, doc: "Bring embeddings to unit length first." } },
  references: ["Sohn 2016, Improved Deep Metric Learning with Multi-class N-pair Loss Objective, eq. 6"],
  check: {
    inputs: {
      anchor: [
        [1, 0],
        [0, 2],
      ],
      positive: [
        [1, 1],
        [0, 1],
      ],
    },
    options: { normalize: false },
    value: 0.5032044340390841,
  },
  expr({ anchor, positive, normalize }) {
    if (normalize) return ownPartner(similarities(anchor, positive));
    return ownPartner(anchor.contract(positive.rename("n", "m"), "d"));
  },
});
