// Weights for classes of different frequency, from labels.

import { balancedOf } from "../contract/class-options.ts";
import { read } from "../contract/tensors.ts";
import type { TensorInput } from "../contract/types.ts";
import { LossError } from "../errors.ts";

/** How often each class occurs. */
function countsOf(who: string, labels: TensorInput, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  const { data } = read(labels, who, "labels");
  for (let i = 0; i < data.length; i++) {
    if (!(Number.isInteger(data[i]) && data[i] >= 0 && data[i] < classes)) {
      throw new LossError(
        "label-out-of-range",
        `"labels" has label ${data[i]} at row ${i}, but there are ${classes} classes.`,
        { loss: who, input: "labels", at: [i] },
      );
    }
    counts[data[i]] += 1;
  }
  return counts;
}

export const classWeights = {
  /** N / (C · count) of every class, the weights of `classWeight: "balanced"`; a class that does not occur weighs 0. */
  balanced: (labels: TensorInput, classes: number): number[] =>
    balancedOf(countsOf("classWeights.balanced", labels, classes)),

  /** (1 − β)/(1 − β^count) of every class, scaled to sum to the number of classes that occur: 1 each at beta 0, inverse
   * frequency as beta goes to 1. Cui et al. 2019, Class-Balanced Loss Based on Effective Number of Samples, eq. 2. */
  effectiveNumber(labels: TensorInput, classes: number, beta = 0.999): number[] {
    if (!(beta >= 0 && beta < 1)) {
      throw new LossError(
        "bad-option",
        `classWeights.effectiveNumber: "beta" is ${beta}; it must be >= 0 and < 1.`,
      );
    }
    const raw = countsOf("classWeights.effectiveNumber", labels, classes).map((count) =>
      count === 0 ? 0 : (1 - beta) / -Math.expm1(count * Math.log(beta)),
    );
    const total = raw.reduce((a, b) => a + b, 0);
    const present = raw.filter((weight) => weight > 0).length;
    return raw.map((weight) => (total === 0 ? 0 : (weight * present) / total));
  },
};
