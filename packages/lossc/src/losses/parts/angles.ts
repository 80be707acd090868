// Angles between features and class weights, without an arc cosine: its slope is infinite at ±1.

import { constant, type Expr, where } from "../../language/expr.ts";
import type { ClassTarget } from "../../language/targets.ts";

/** What every margin head takes: features, a weight vector per class, and labels. */
export const headInputs = {
  features: "n d",
  weights: "c d",
  labels: { axes: "n", kind: "classes", over: "c", labelsOnly: true },
} as const;

/** Cross-entropy of the logits of a head. */
export const softmaxOf = (labels: ClassTarget, logits: Expr): Expr =>
  labels.expect(({ at }) => at(logits.logSoftmax("c")).neg());

/** cos θ of every feature (axis n) to every class's weight (axis c). */
export function cosines(features: Expr, weights: Expr): Expr {
  return features.unit("d").contract(weights.unit("d"), "d");
}

/** sin θ from cos θ. Its slope is infinite at θ = 0, where the direction is undefined: below sin θ = 1e-7, which is less
 * than what rounding leaves of cos θ, it goes on as a multiple of sin² θ. */
export function sineOf(cosine: Expr): Expr {
  const square = constant(1).sub(cosine).mul(cosine.add(1)).relu();
  return square.sqrt().computedAs(square.div(square.max(1e-14).sqrt()));
}

/** cos(θ + margin). Its slope in cos θ is sin(θ + margin)/sin θ. */
export const cosineOfSum = (cosine: Expr, margin: Expr): Expr =>
  cosine.mul(margin.cos()).sub(sineOf(cosine).mul(margin.sin()));

/** cos(θ + margin), and cos θ − margin · sin margin beyond θ = π − margin, so that it always falls with θ. */
export const addedAngle = (cosine: Expr, margin: Expr): Expr =>
  where(cosine.lt(margin.cos().neg()), cosine.sub(margin.mul(margin.sin())), cosineOfSum(cosine, margin));

/** ψ(θ) = (−1)^k cos mθ − 2k with k = ⌊mθ/π⌋: falls from 1 to 1 − 2m as θ goes from 0 to π.
 *
 * cos mθ is Chebyshev's polynomial T_m(cos θ), and k counts the j with cos θ ≤ cos(jπ/m). Its slope in cos θ is m²
 * at θ = 0 and π. Liu et al. 2016, eq. 6. */
export function angleMultiple(cosine: Expr, m: number): Expr {
  let [previous, chebyshev] = [constant(1), cosine];
  for (let degree = 1; degree < m; degree++) {
    [previous, chebyshev] = [chebyshev, cosine.mul(2).mul(chebyshev).sub(previous)];
  }
  let result = chebyshev;
  for (let k = 1; k < m; k++) {
    const folded = (k % 2 === 0 ? chebyshev : chebyshev.neg()).sub(2 * k);
    result = where(cosine.le(Math.cos((k * Math.PI) / m)), folded, result);
  }
  return result;
}
