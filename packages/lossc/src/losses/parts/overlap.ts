// Overlap of a predicted mask with a true one: hits, false alarms and misses, over all pixels of a sample.

import type { Expr } from "../../language/expr.ts";
import { constant, where } from "../../language/expr.ts";

/** Masks take logits or, in their place, probabilities. */
export const maskInputs = {
  logits: "n ...",
  probability: { axes: "n ...", domain: "probability", instead: "logits" },
  target: { axes: "n ...", domain: "probability" },
} as const;

export const smoothing = {
  default: 1,
  min: 0,
  doc: "Added to both sides of the ratio, so that empty masks have one.",
} as const;

export interface Overlap {
  readonly hits: Expr;
  readonly falseAlarms: Expr;
  readonly misses: Expr;
}

interface Masks {
  readonly logits: Expr;
  readonly probability: Expr | undefined;
  readonly target: Expr;
}

export function overlapOf({ logits, probability, target }: Masks): Overlap {
  const p = probability ?? logits.sigmoid();
  const over = (pixels: Expr) => pixels.sum("...");
  return {
    hits: over(p.mul(target)),
    falseAlarms: over(p.mul(constant(1).sub(target))),
    misses: over(constant(1).sub(p).mul(target)),
  };
}

/** 1 − (2·hits + s)/(2·hits + 2α·false alarms + 2β·misses + s), in the form that does not cancel; 0/0 is 0. */
export function tverskyOf(
  { hits, falseAlarms, misses }: Overlap,
  alpha: Expr,
  beta: Expr,
  smooth: Expr,
): Expr {
  const wrong = alpha.mul(falseAlarms).add(beta.mul(misses)).mul(2);
  const right = hits.mul(2).add(smooth);
  const whole = right.add(wrong);
  return constant(1)
    .sub(right.div(whole))
    .computedAs(where(whole.eq(0), 0, wrong.div(whole)));
}
