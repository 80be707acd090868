import { defineLoss } from "../contract/define.ts";
import { listInputs, listsOf, ofPresent } from "./parts/lists.ts";

/** ListNet: cross-entropy of the scores' softmax with the relevance's, the probabilities of coming first.
 *
 * For ranking by whole lists at the cost of a softmax. Its gradient is the difference of the two distributions. Lists
 * without documents of different relevance do not count. */
export const listNet = defineLoss({
  name: "listNet",
  family: "ranking",
  inputs: listInputs,
  references: ["Cao et al. 2007, Learning to Rank: From Pairwise Approach to Listwise Approach, eq. 5"],
  check: { inputs: { scores: [[1, 0.5, 2]], relevance: [[2, 0, 1]] }, value: 1.2646555996383375 },
  expr({ scores, relevance, mask }) {
    const lists = listsOf(relevance, mask);
    const truth = ofPresent(relevance, lists).softmax("c");
    const loss = truth.weigh(ofPresent(scores, lists).logSoftmax("c")).sum("c").neg();
    return { loss, counted: lists.counted };
  },
});
