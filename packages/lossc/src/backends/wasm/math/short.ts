// exp, expm1, log and log1p in float64 with 41 bits: what a float32 result needs where 17 of them cancel, at two thirds of the
// time that all 53 take.
//
// The formulas are those of exponential.ts and logarithm.ts with fewer terms, fitted at Chebyshev's points. What keeps the
// last bits there is left out: ln 2 is one number, and log1p takes 1 + x as it is rounded. Numbers that float32 inputs hardly
// lead to are not cared for: below e^−700 exp is 0, and the logarithm of a subnormal number is about log 2^−1022.

import type { Node } from "../assembler.ts";
import type { Lanes } from "../lanes.ts";
import { split } from "./logarithm.ts";

/** Added and taken away, it rounds to a whole number n. The lowest bits of the sum are then n + 1022: the exponent of 2ⁿ⁻¹. */
const ROUNDER = 1.5 * 2 ** 52 + 1022;
/** Beyond these, e to the x is 0 and ∞. */
const [LEAST, MOST] = [-700, 710];

/** (eʳ − 1 − r) / r² for |r| ≤ ln 2 / 2: error 4.6e-13, 2^−44 of eʳ. */
const p = [
  0.4999999999995511, 0.16666666666662586, 0.04166666678626573, 0.00833333334420298, 0.0013888839110572009,
  0.00019841224599656011, 2.4867870179687727e-5, 2.7617564785876086e-6,
];

/** 2ⁿ⁻¹ and 2ⁿ⁻¹ (eʳ − 1) of x = n ln 2 + r: half, so that 2 to the 1024 is no trouble. Anything below the least x. */
function halves(v: Lanes, x: Node): { readonly half: Node; readonly rest: Node } {
  const bits = v.add(v.mul(x, v.constant(Math.LOG2E)), v.constant(ROUNDER));
  const r = v.sub(x, v.mul(v.sub(bits, v.constant(ROUNDER)), v.constant(Math.LN2)));
  const half = v.shift("shl", bits, 52);
  return { half, rest: v.mul(half, v.add(r, v.mul(v.mul(r, r), v.polynomial(r, p)))) };
}
const doubled = (v: Lanes, x: Node): Node => v.add(x, x);
const below = (v: Lanes, x: Node): Node => v.lt(x, v.constant(LEAST));

// A value and its slope, exp and expm1 of one number, share all but the end.
const expOf =
  (isNonPositive: boolean) =>
  (v: Lanes, x: Node): Node => {
    const { half, rest } = halves(v, isNonPositive ? x : v.pmin(x, v.constant(MOST)));
    return v.andNot(doubled(v, v.add(half, rest)), below(v, x));
  };
const expm1Of =
  (isNonPositive: boolean) =>
  (v: Lanes, x: Node): Node => {
    const { half, rest } = halves(v, isNonPositive ? x : v.pmin(x, v.constant(MOST)));
    const [kept, power] = [rest, half].map((part) => v.andNot(part, below(v, x)));
    const result = doubled(v, v.add(kept, v.sub(power, v.constant(0.5))));
    return v.or(result, v.and(x, v.signBit)); // −0 for −0
  };
export const exp = expOf(false);
export const expNonPositive = expOf(true);
export const expm1 = expm1Of(false);
export const expm1NonPositive = expm1Of(true);

/** (2 artanh(s)/s − 2) / s² in s²: up to 0.03 (error 7e-12, 2^−43 of the logarithm), and up to 1/9 (1.3e-13, 2^−47). */
const near = [
  0.6666666666737509, 0.3999999879733759, 0.2857175453591449, 0.22191400830308503, 0.19362653714202008,
];
const far = [
  0.6666666666665532, 0.40000000013063114, 0.28571426112416837, 0.22222397892023063, 0.18175687570070126,
  0.1549981932800968, 0.12153361830054052, 0.1780828619579233,
];

/** log(1 + f) = 2 artanh s, s = f / (2 + f). */
function series(v: Lanes, f: Node, coefficients: readonly number[]): Node {
  const s = v.mul(f, v.div(v.constant(1), v.add(f, v.constant(2))));
  const z = v.mul(s, s);
  return v.mul(s, v.add(v.mul(z, v.polynomial(z, coefficients)), v.constant(2)));
}

export function log(v: Lanes, x: Node): Node {
  const { k, m } = split(v, x);
  const inside = v.add(v.mul(k, v.constant(Math.LN2)), series(v, v.sub(m, v.constant(1)), near));
  const upTo = v.select(v.lt(x, v.constant(Number.POSITIVE_INFINITY)), inside, x);
  // −∞ at 0 and NaN below: all bits set are one.
  const outside = v.or(v.constant(Number.NEGATIVE_INFINITY), v.ne(x, v.constant(0)));
  return v.select(v.gt(x, v.constant(0)), upTo, outside);
}

const log1pOf =
  (isNonNegative: boolean) =>
  (v: Lanes, x: Node): Node => {
    const [one, zero] = [v.constant(1), v.constant(0)];
    const u = v.add(x, one);
    const { k, m } = split(v, u);
    const f = v.select(v.eq(k, zero), x, v.sub(m, one));
    const inside = v.add(v.mul(k, v.constant(Math.LN2)), series(v, f, near));
    const upTo = v.select(v.lt(x, v.constant(Number.POSITIVE_INFINITY)), inside, x);
    if (isNonNegative) return upTo;
    const outside = v.or(v.constant(Number.NEGATIVE_INFINITY), v.ne(u, zero));
    return v.or(v.select(v.gt(u, zero), upTo, outside), v.and(v.and(x, v.signBit), v.eq(x, zero))); // −0 for −0
  };
export const log1p = log1pOf(false);
/** For x ≥ 0. */
export const log1pNonNegative = log1pOf(true);
/** For −½ ≤ x ≤ 1: one series reaches from end to end. */
export const log1pUnit = (v: Lanes, x: Node): Node => series(v, x, far);
