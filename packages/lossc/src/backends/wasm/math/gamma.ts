// log Γ, its derivatives, and the φ functions, in float64: the series of language/scalar.ts, all lanes at once.

import type { Node } from "../assembler.ts";
import type { Lanes } from "../lanes.ts";
import { expm1 } from "./exponential.ts";
import { log } from "./logarithm.ts";

const lanczos = [
  676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
];

/** log Γ(a), a > 0. */
export function lgamma(v: Lanes, a: Node): Node {
  const c = (value: number): Node => v.constant(value);
  const infinity = c(Number.POSITIVE_INFINITY);
  const small = v.lt(a, c(0.5));
  const x = v.select(small, a, v.sub(a, c(1))); //        log Γ(a) = log Γ(a + 1) − log a near 0
  const series = lanczos.reduce(
    (sum, coefficient, i) => v.add(sum, v.div(c(coefficient), v.add(x, c(i + 1)))),
    c(0.9999999999998099),
  );
  const t = v.add(x, c(7.5));
  const halfLogTwoPi = c(0.5 * Math.log(2 * Math.PI));
  const middle = v.add(v.sub(v.add(halfLogTwoPi, v.mul(v.add(x, c(0.5)), log(v, t))), t), log(v, series));
  const logA = log(v, a);
  const far = v.add(v.add(v.sub(v.mul(v.sub(a, c(0.5)), logA), a), halfLogTwoPi), v.div(c(1 / 12), a));
  const inside = v.select(v.gt(a, c(1e7)), far, v.select(small, v.sub(middle, logA), middle));
  const atOneOrTwo = v.or(v.eq(a, c(1)), v.eq(a, c(2)));
  const edges = v.select(v.eq(a, c(0)), infinity, v.select(v.eq(a, infinity), infinity, c(Number.NaN)));
  return v.select(v.and(v.gt(a, c(0)), v.lt(a, infinity)), v.andNot(inside, atOneOrTwo), edges);
}

/** Brings a to at least `least` by steps of 1, adding `term` of each step. */
function shifted(
  v: Lanes,
  a: Node,
  least: number,
  term: (x: Node) => Node,
): { readonly x: Node; readonly sum: Node } {
  let [x, sum] = [a, v.constant(0)];
  for (let i = 0; i < least; i++) {
    const below = v.lt(x, v.constant(least));
    sum = v.add(sum, v.and(term(x), below));
    x = v.add(x, v.and(v.constant(1), below));
  }
  return { x, sum };
}

export function digamma(v: Lanes, a: Node): Node {
  const one = v.constant(1);
  const { x, sum } = shifted(v, a, 10, (x) => v.div(one, x));
  const f = v.div(one, v.mul(x, x));
  const tail = v.mul(f, v.polynomial(f, [1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760]));
  return v.sub(v.sub(v.sub(log(v, x), v.div(v.constant(0.5), x)), tail), sum);
}

export function trigamma(v: Lanes, a: Node): Node {
  const one = v.constant(1);
  const { x, sum } = shifted(v, a, 15, (x) => v.div(one, v.mul(x, x)));
  const f = v.div(one, v.mul(x, x));
  const tail = v.mul(f, v.polynomial(f, [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66]));
  return v.add(v.add(sum, v.div(one, x)), v.add(v.mul(f, v.constant(0.5)), v.div(tail, x)));
}

/** Σ aⁱ/(i + k)!: φ of a fixed order for |a| ≤ 1. Ten terms are good for float32. */
export function exprelNear(v: Lanes, a: Node, order: number, terms = 18): Node {
  const coefficients: number[] = [];
  for (let i = 1, factorial = 1; i <= order + terms; factorial *= ++i) {
    if (i >= order) coefficients.push(1 / factorial);
  }
  return v.polynomial(a, coefficients);
}

/** φ of a fixed order: Σ aⁱ/(i + k)! near 0, the recurrence elsewhere. With 12 terms it is good for float32. */
export function exprel(v: Lanes, a: Node, order: number, terms = 18): Node {
  const c = (value: number): Node => v.constant(value);
  const one = c(1);
  const near = exprelNear(v, a, order, terms);
  let far = v.div(expm1(v, a), a);
  let factor = 1;
  for (let k = 1; k < order; k++) {
    factor *= k;
    far = v.div(v.sub(far, c(1 / factor)), a);
  }
  const infinity = c(Number.POSITIVE_INFINITY);
  const edged = v.select(v.eq(v.abs(a), infinity), v.pmax(a, c(0)), far);
  return v.select(v.lt(v.abs(a), one), near, edged);
}
