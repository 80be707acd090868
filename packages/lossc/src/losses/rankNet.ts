import { defineLoss } from "../contract/define.ts";
import { where } from "../language/expr.ts";
import { listInputs, listsOf, other } from "./parts/lists.ts";

/** RankNet: logistic loss of the score difference of every pair of documents of which one is more relevant.
 *
 * For ranking where all pairs matter alike. Each pair pulls its two scores apart, at most with force `sigma`. The loss
 * of a list is the sum over its pairs; lists without a pair do not count. */
export const rankNet = defineLoss({
  name: "rankNet",
  family: "ranking",
  inputs: listInputs,
  params: { sigma: { default: 1, above: 0, doc: "How sharply a score difference is judged." } },
  references: [
    "Burges et al. 2005, Learning to Rank using Gradient Descent",
    "Burges 2010, From RankNet to LambdaRank to LambdaMART, sec. 2",
  ],
  check: { inputs: { scores: [[1, 0.5, 2]], relevance: [[2, 0, 1]] }, value: 1.988751949681082 },
  expr({ scores, relevance, mask, sigma }) {
    const { ordered, counted } = listsOf(relevance, mask);
    const surprise = sigma
      .mul(scores.sub(other(scores)))
      .neg()
      .softplus();
    return { loss: where(ordered, surprise, 0).sum("k").sum("c"), counted };
  },
});
