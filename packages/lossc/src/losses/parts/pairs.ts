// All pairs of a batch: distances between every anchor (axis n) and every other sample (axis m).

import { type Expr, iota } from "../../language/expr.ts";

export const distanceParams = {
  distance: {
    default: "squared",
    choices: ["squared", "euclidean"],
    doc: "The squared or the plain Euclidean distance.",
  },
  normalize: { default: true, doc: "Bring embeddings to unit length first." },
} as const;

export interface Pairs {
  readonly between: Expr;
  /** Another sample with the anchor's label. */
  readonly positive: Expr;
  readonly negative: Expr;
}

export function pairs(embeddings: Expr, labels: Expr, distance: string, normalize: boolean): Pairs {
  const anchors = normalize ? embeddings.unit("d") : embeddings;
  const difference = anchors.sub(anchors.rename("n", "m"));
  const same = labels.eq(labels.rename("n", "m"));
  return {
    // A norm has gradient 0 at 0, so coincident embeddings do not pull.
    between: distance === "euclidean" ? difference.norm("d") : difference.square().sum("d"),
    positive: same.and(iota("n").ne(iota("m"))),
    negative: same.not(),
  };
}
