// Which losses teach a neuron: those of its answer, be it called a prediction or a probability.

import type { AnyLoss } from "lossc";

/** The input that the neuron's answer is given as; undefined where the loss is none of one answer and its target. */
export function answerOf({ inputs }: AnyLoss): "prediction" | "probability" | undefined {
  const names = Object.keys(inputs).filter((name) => name !== "target");
  const target = inputs.target;
  if (names.length !== 1 || target?.axes !== "..." || target.domain !== undefined) return undefined;
  const [name] = names;
  if (name === "probability" && target.kind === "binary") return name;
  return name === "prediction" && inputs.prediction.domain === undefined && target.kind === "float"
    ? name
    : undefined;
}
export const fits = (loss: AnyLoss): boolean => answerOf(loss) !== undefined;
export const fitsChain = (loss: AnyLoss): boolean => answerOf(loss) === "prediction";
