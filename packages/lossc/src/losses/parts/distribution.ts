// A predicted distribution in any of its forms.

import type { Expr } from "../../language/expr.ts";

export const distributionForm = {
  default: "logits",
  choices: ["logits", "probabilities", "logProbabilities"],
  doc: "What `prediction` holds.",
} as const;

/** The input that holds it: its numbers are checked as what they are. */
export const distributionInput = {
  axes: "n... c",
  domain: ({ from }: Readonly<Record<string, unknown>>) =>
    from === "probabilities" ? "distribution" : from === "logProbabilities" ? "logDistribution" : undefined,
} as const;

export function logProbabilities(prediction: Expr, from: string): Expr {
  return from === "logits"
    ? prediction.logSoftmax("c")
    : from === "probabilities"
      ? prediction.log()
      : prediction;
}
