import { defineLoss } from "../contract/define.ts";
import { iota, where } from "../language/expr.ts";
import { batchInputs, kindsOf, similarities } from "./parts/pairs.ts";

/** Multi-similarity loss: soft maxima of how dissimilar an anchor's positives and how similar its negatives are.
 *
 * For embeddings of labelled batches. A pair's gradient weighs its own similarity against that of the anchor's other
 * pairs; pairs that are easy by more than `epsilon` are left out. */
export const multiSimilarity = defineLoss({
  name: "multiSimilarity",
  family: "metric",
  inputs: batchInputs,
  params: {
    alpha: { default: 2, above: 0, doc: "How sharply positives are weighed." },
    beta: { default: 50, above: 0, doc: "How sharply negatives are weighed." },
    lambda: { default: 1, doc: "The similarity that separates positives from negatives." },
    epsilon: {
      default: 0.1,
      or: [null],
      doc: "How easy a pair may be and still take part; null takes all pairs.",
    },
  },
  references: [
    "Wang et al. 2019, Multi-Similarity Loss with General Pair Weighting for Deep Metric Learning, eq. 15",
  ],
  check: {
    inputs: {
      embeddings: [
        [1, 0],
        [1, 1],
        [0, 1],
        [1, 2],
      ],
      labels: [0, 0, 1, 1],
    },
    options: { epsilon: null },
    value: 0.4588945748494683,
  },
  expr({ embeddings, labels, alpha, beta, lambda, epsilon }) {
    const similarity = similarities(embeddings, embeddings);
    const { positive, negative } = kindsOf(labels);
    let [near, far] = [positive, negative];
    if (epsilon !== null) {
      const hardest = where(positive, similarity, Number.POSITIVE_INFINITY).min("m");
      const closest = where(negative, similarity, Number.NEGATIVE_INFINITY).max("m");
      near = positive.and(similarity.sub(epsilon).ge(closest).not());
      far = negative.and(similarity.add(epsilon).le(hardest).not());
    }
    // log(1 + Σ eˣ): the anchor's own place holds the 1.
    const nothing = where(iota("n").eq(iota("m")), 0, Number.NEGATIVE_INFINITY);
    const over = similarity.sub(lambda);
    const pull = where(near, alpha.mul(over).neg(), nothing).logSumExp("m").div(alpha);
    const push = where(far, beta.mul(over), nothing).logSumExp("m").div(beta);
    return { loss: pull.add(push), counted: positive.any("m").and(negative.any("m")) };
  },
});
