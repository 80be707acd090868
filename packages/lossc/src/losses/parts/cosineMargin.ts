// The logit that two papers arrived at: s(cos θ − m) for the true class, s cos θ for the others.

import { type Expr, where } from "../../language/expr.ts";
import type { ClassTarget } from "../../language/targets.ts";
import { cosines, softmaxOf } from "./angles.ts";

export const cosineMarginParams = <S extends number>(scale: S) =>
  ({
    scale: { default: scale, above: 0, doc: "What cosines are multiplied by: how sharp the softmax is." },
    margin: { default: 0.35, min: 0, doc: "What is taken off the true class's cosine." },
  }) as const;

interface Head {
  readonly features: Expr;
  readonly weights: Expr;
  readonly labels: ClassTarget;
  readonly scale: Expr;
  readonly margin: Expr;
}

export function cosineMargin({ features, weights, labels, scale, margin }: Head): Expr {
  const cosine = cosines(features, weights);
  return softmaxOf(labels, where(labels.truth.is, cosine.sub(margin), cosine).mul(scale));
}
