// Angles between features and class weights, without an arc cosine: its slope is infinite at ±1.

import { constant, type Expr, where } from "../../language/expr.ts";

/** cos θ of every feature (axis n) to every class's weight (axis c). */
export function cosines(features: Expr, weights: Expr): Expr {
  return features.unit("d").contract(weights.unit("d"), "d");
}

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
