import { defineLoss } from "../contract/define.ts";
import { constant, type Expr, where } from "../language/expr.ts";
import { batchInputs, kindsOf, similarities } from "./parts/pairs.ts";

/** Circle loss: positives and negatives pull with a force of their own that grows with how far off they are.
 *
 * For embeddings of labelled batches and for class-level learning alike. The factors α are constant in the gradient,
 * as in the paper: each pair's pull is its distance from its optimum. */
export const circle = defineLoss({
  name: "circle",
  family: "metric",
  inputs: batchInputs,
  params: {
    gamma: { default: 256, above: 0, doc: "How sharp the soft maximum over pairs is." },
    margin: { default: 0.25, doc: "How far from −margin and 1 + margin the optima are relaxed." },
  },
  references: ["Sun et al. 2020, Circle Loss: A Unified Perspective of Pair Similarity Optimization, eq. 6"],
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
    options: { gamma: 2 },
    value: 1.6818318994602124,
  },
  expr({ embeddings, labels, gamma, margin }) {
    const similarity = similarities(embeddings, embeddings);
    const { positive, negative } = kindsOf(labels);
    const counted = positive.any("m").and(negative.any("m"));
    const soft = (kind: Expr, logit: Expr) =>
      where(kind, logit, where(counted, Number.NEGATIVE_INFINITY, 0)).logSumExp("m");
    const alphaPositive = constant(1).add(margin).sub(similarity).relu().stopGradient();
    const alphaNegative = similarity.add(margin).relu().stopGradient();
    const push = soft(negative, gamma.mul(alphaNegative).mul(similarity.sub(margin)));
    const pull = soft(positive, gamma.mul(alphaPositive).mul(constant(1).sub(margin).sub(similarity)));
    return { loss: push.add(pull).softplus(), counted };
  },
});
