import { defineLoss } from "../contract/define.ts";
import { iota, where } from "../language/expr.ts";
import { before, listInputs, listsOf, other } from "./parts/lists.ts";

/** ListMLE: minus the log-likelihood of the true order, drawn place by place from the softmax of what is left.
 *
 * For ranking where the whole order is known. Its gradient sums one softmax per place, so late places weigh as much as
 * the first. Equals keep their order; lists without documents of different relevance do not count. */
export const listMle = defineLoss({
  name: "listMle",
  family: "ranking",
  inputs: listInputs,
  references: ["Xia et al. 2008, Listwise Approach to Learning to Rank: Theory and Algorithm, eq. 9"],
  check: { inputs: { scores: [[1, 0.5, 2]], relevance: [[2, 0, 1]] }, value: 1.6657820620906973 },
  expr({ scores, relevance, mask }) {
    const { present, counted } = listsOf(relevance, mask);
    // What is left when c is drawn: c itself and all that stand behind it.
    const left = before(relevance)
      .not()
      .and(other(present))
      .or(iota("k").eq(iota("c")));
    const drawn = where(left, other(scores), Number.NEGATIVE_INFINITY).logSoftmax("k").take(iota("c"), "k");
    return { loss: where(present, drawn.neg(), 0).sum("c"), counted };
  },
});
