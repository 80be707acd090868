import { defineLoss } from "../contract/define.ts";
import { constant, type Expr, where } from "../language/expr.ts";
import { listInputs, listsOf, other, rankOf } from "./parts/lists.ts";

/** LambdaRank: RankNet in which a pair counts by how much NDCG would change if its documents changed places.
 *
 * For ranking where the top matters most. The factor |ΔNDCG| follows from the present order and is constant in the
 * gradient. Lists without a pair of different relevance do not count. */
export const lambdaRank = defineLoss({
  name: "lambdaRank",
  family: "ranking",
  inputs: { ...listInputs, relevance: { axes: "n c", domain: "nonNegative" } },
  params: {
    sigma: { default: 1, above: 0, doc: "How sharply a score difference is judged." },
    k: {
      default: null,
      integer: true,
      min: 1,
      or: [null],
      doc: "How many places NDCG looks at; null is all.",
    },
  },
  references: ["Burges 2010, From RankNet to LambdaRank to LambdaMART, sec. 4"],
  check: { inputs: { scores: [[1, 0.5, 2]], relevance: [[2, 0, 1]] }, value: 0.3459969488995193 },
  expr({ scores, relevance, mask, sigma, k }) {
    const { present, ordered, counted } = listsOf(relevance, mask);
    const discount = (rank: Expr) => {
      const all = constant(Math.LN2).div(rank.log1p());
      return k === null ? all : where(rank.le(k), all, 0);
    };
    // (2^relevance − 1)/2^largest: of huge and tiny relevance both in range.
    const nats = relevance.mul(Math.LN2);
    const largest = where(present, nats, 0).max("c");
    const gain = where(present, nats.sub(largest).exp().weigh(nats.neg().expm1().neg()), 0);
    const ideal = gain.mul(discount(rankOf(relevance, present))).sum("c");
    const place = discount(rankOf(scores, present));
    const change = gain
      .sub(other(gain))
      .mul(place.sub(other(place)))
      .abs()
      .div(ideal)
      .stopGradient();
    const surprise = sigma
      .mul(scores.sub(other(scores)))
      .neg()
      .softplus();
    return { loss: where(ordered, change.mul(surprise), 0).sum("k").sum("c"), counted };
  },
});
