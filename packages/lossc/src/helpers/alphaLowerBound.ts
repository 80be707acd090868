// How long features must be for a softmax over normalised features to get sure.

import { LossError } from "../errors.ts";

/** The least `alpha` at which l2-constrained softmax over `classes` classes can give the true one probability `p`:
 * log(p(C − 2)/(1 − p)). Ranjan, Castillo & Chellappa 2017, eq. 8. Throws where p is not in (0, 1) or C < 3. */
export function alphaLowerBound(p: number, classes: number): number {
  if (!(p > 0 && p < 1))
    throw new LossError("bad-option", `alphaLowerBound: "p" is ${p}; it must be > 0 and < 1.`);
  if (!(Number.isInteger(classes) && classes >= 3))
    throw new LossError(
      "bad-option",
      `alphaLowerBound: "classes" is ${classes}; it must be a whole number >= 3.`,
    );
  return Math.log((p * (classes - 2)) / (1 - p));
}
