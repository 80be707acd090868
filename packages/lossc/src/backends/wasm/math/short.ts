// exp, expm1, log and log1p in float64 with 37 bits: what a float32 result needs where 13 of them cancel, in half to two thirds of
// the time that all 53 take.
//
// Logarithms are those of logarithm.ts with fewer terms, and without what keeps the last bits there: ln 2 is one number, and
// log1p takes 1 + x as it is rounded. Numbers that float32 inputs hardly lead to are not cared for: below e^−708 exp is 0, and
// the logarithm of a subnormal number is about log 2^−1022. Coefficients are from tools/fit/fit.py.

import type { Node } from "../assembler.ts";
import type { Lanes } from "../lanes.ts";
import { split } from "./logarithm.ts";

/** Added and taken away, it rounds to a whole number n. The lowest bits of the sum are then n and the exponent's bias. */
const rounder = (bias: number): number => 1.5 * 2 ** 52 + bias;

/** c(f²) of 2ᶠ = (c + f) / (c − f), c = f coth(f ln 2 / 2), for |f| ≤ ½: error 2^−39 of 2ᶠ − 1, 2^−41 of 2ᶠ. */
const c = [2.8853900817822304, 0.11552452957479768, -0.0009250583546949012, 1.0518265152381962e-5];

interface Parts {
  /** 2ⁿ⁺ᵏ. */
  readonly two: Node;
  readonly f: Node;
  readonly c: Node;
}
/** x / ln 2 = n + f, and k = `bias` − 1023. Below the least normal power all is 0: there x stops, and the exponent's bits are 0. */
function parts(v: Lanes, x: Node, bias: number): Parts {
  const whole = v.constant(rounder(bias));
  const exponent = v.pmax(v.mul(x, v.constant(Math.LOG2E)), v.constant(-bias));
  const bits = v.add(exponent, whole);
  const f = v.sub(exponent, v.sub(bits, whole));
  return { two: v.shift("shl", bits, 52), f, c: v.polynomial(v.mul(f, f), c) };
}
const nonPositive = (v: Lanes, x: Node): Parts => parts(v, x, 1023);
/** Beyond this e to the x is ∞. */
const MOST = 710;
/** Half of it, so that 2 to the 1024 is no trouble. */
const halves = (v: Lanes, x: Node): Parts => parts(v, v.pmin(x, v.constant(MOST)), 1022);
const doubled = (v: Lanes, x: Node): Node => v.add(x, x);

/** 2ᶠ − 1 in the units of `two`: one quotient, and as many terms fewer as a polynomial of these digits would have. */
const less = (v: Lanes, { two, f, c }: Parts): Node => v.div(v.mul(two, doubled(v, f)), v.sub(c, f));
/** −0 for −0. */
const signed = (v: Lanes, result: Node, x: Node): Node => v.or(result, v.and(x, v.signBit));

// A value and its slope, exp and expm1 of one number, share all but the end.
export function exp(v: Lanes, x: Node): Node {
  const all = halves(v, x);
  return doubled(v, v.add(all.two, less(v, all)));
}
export function expm1(v: Lanes, x: Node): Node {
  const all = halves(v, x);
  return signed(v, doubled(v, v.add(less(v, all), v.sub(all.two, v.constant(0.5)))), x);
}
/** A unit less exact near 0 than the sum above, and an instruction less. */
export function expNonPositive(v: Lanes, x: Node): Node {
  const { two, f, c } = nonPositive(v, x);
  return v.fraction(v.mul(two, v.add(c, f)), v.sub(c, f));
}
export function expm1NonPositive(v: Lanes, x: Node): Node {
  const all = nonPositive(v, x);
  return signed(v, v.add(less(v, all), v.sub(all.two, v.constant(1))), x);
}

/** (2 artanh(s)/s − 2) / s² in s², up to 0.03: error 2^−37 of the logarithm; and up to 1/9: 2^−38. */
const near = [0.6666666564821296, 0.4000033464030135, 0.2853733978669786, 0.23581616668297703];
const far = [
  0.6666666636355486, 0.40000052436676314, 0.28568419418338015, 0.22301078716356618, 0.1715130782656518,
  0.21781844093340114,
];

/** log(1 + f) = 2 artanh s, s = f / (2 + f). */
function series(v: Lanes, f: Node, coefficients: readonly number[]): Node {
  const s = v.div(f, v.add(f, v.constant(2)));
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
