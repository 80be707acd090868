// exp, expm1 and what is made of them, for vectors of either precision.
//
// x = n ln 2 + r with |r| ≤ ln 2 / 2; eʳ = 1 + r + r² p(r), p fitted at Chebyshev's points (tools/fit/fit.py).

import type { Node } from "../assembler.ts";
import type { Lanes } from "../lanes.ts";

interface Constants {
  /** Added and taken away, it rounds to a whole number; its lowest bits then hold that number. */
  readonly rounder: number;
  readonly ln2High: number;
  readonly ln2Low: number;
  readonly p: readonly number[];
  /** Beyond these, e to the x is 0 and ∞. */
  readonly least: number;
  readonly most: number;
  /** Below this, eˣ − 1 is −1. */
  readonly minusOne: number;
}

const constants: Readonly<Record<Lanes["precision"], Constants>> = {
  float32: {
    rounder: 1.5 * 2 ** 23,
    ln2High: 0.693359375, //             nine bits, so that n times it is exact
    ln2Low: -0.00021219444005469057,
    // error 3.1e-9 eʳ
    p: [
      0.4999999403953552, 0.1666652113199234, 0.04166826233267784, 0.00836867094039917, 0.0013820999301970005,
    ],
    least: -104,
    most: 89,
    minusOne: -18,
  },
  float64: {
    rounder: 1.5 * 2 ** 52,
    ln2High: 0.6931471803691238, //  33 bits
    ln2Low: 1.9082149292705877e-10,
    // error 1.4e-18 r²
    p: [
      0.5, 0.1666666666666667, 0.04166666666666667, 0.008333333333326084, 0.0013888888888883711,
      0.0001984126987500228, 2.480158732567746e-5, 2.755725517000089e-6, 2.755727347871858e-7,
      2.5105312729622103e-8, 2.09147553258932e-9,
    ],
    least: -746,
    most: 710,
    minusOne: -38,
  },
};

/** n as a number and eʳ − 1; `bits` has n + `more` in its lowest bits. */
function reduce(
  v: Lanes,
  x: Node,
  more: number,
): { readonly n: Node; readonly bits: Node; readonly rest: Node } {
  const { rounder, ln2High, ln2Low, p } = constants[v.precision];
  const whole = v.constant(rounder + more);
  const bits = v.add(v.mul(x, v.constant(Math.LOG2E)), whole);
  const n = v.sub(bits, whole);
  const r = v.sub(v.sub(x, v.mul(n, v.constant(ln2High))), v.mul(n, v.constant(ln2Low)));
  const rest = v.add(r, v.mul(v.mul(r, r), v.polynomial(r, p)));
  return { n, bits, rest };
}

/** 2 to the k, where k + the exponent's bias is in the lowest bits of `bits`; right while that is a normal number. */
const powerOfTwo = (v: Lanes, bits: Node): Node => v.shift("shl", bits, v.format.mantissaBits);

/** e to the x times 2 to the n, in two steps: 2ⁿ may be no normal number where the result is one. */
function scaled(v: Lanes, x: Node, n: Node): Node {
  const rounder = v.constant(constants[v.precision].rounder + v.format.bias);
  const halfBits = v.add(v.mul(n, v.constant(0.5)), rounder);
  const restBits = v.add(v.sub(n, v.sub(halfBits, rounder)), rounder);
  return v.mul(v.mul(x, powerOfTwo(v, halfBits)), powerOfTwo(v, restBits));
}

export function exp(v: Lanes, x: Node): Node {
  const { least, most } = constants[v.precision];
  const { n, rest } = reduce(v, v.pmin(v.pmax(x, v.constant(least)), v.constant(most)), 0);
  return scaled(v, v.add(rest, v.constant(1)), n);
}

/** eˣ for x ≤ 0: never large, so a single scaling by 2 to the n + 64 stays a normal number. */
export function expNonPositive(v: Lanes, x: Node): Node {
  const { least } = constants[v.precision];
  const shift = v.precision === "float32" ? 64 : 128;
  const { bits, rest } = reduce(v, v.pmax(x, v.constant(least)), v.format.bias + shift);
  const large = v.mul(v.add(rest, v.constant(1)), powerOfTwo(v, bits));
  return v.mul(large, v.constant(2 ** -shift));
}

/** eˣ − 1. 2ⁿ(eʳ − 1) + (2ⁿ − 1), at half its size where 2ⁿ might overflow. */
export function expm1(v: Lanes, x: Node): Node {
  const { minusOne, most } = constants[v.precision];
  const bounded = v.pmin(v.pmax(x, v.constant(minusOne)), v.constant(most));
  const { n, bits, rest } = reduce(v, bounded, v.format.bias - 1);
  const half = powerOfTwo(v, bits);
  const doubled = v.add(v.mul(half, rest), v.sub(half, v.constant(0.5)));
  const result = v.select(v.eq(n, v.constant(0)), rest, v.add(doubled, doubled));
  return v.or(result, v.and(x, v.signBit)); // −0 for −0
}

/** e to the −|x|, shared by the functions below. */
const decay = (v: Lanes, x: Node): Node => expNonPositive(v, v.neg(v.abs(x)));

/** 1 / (1 + e⁻ˣ): numerator e to the x or 1, so that nothing overflows or cancels. */
export function sigmoid(v: Lanes, x: Node): Node {
  const e = decay(v, x);
  const one = v.constant(1);
  const numerator = v.select(v.lt(x, v.constant(0)), e, one);
  return v.mul(numerator, v.div(one, v.add(one, e))); // the quotient is the same for σ(−x)
}

/** max(x, 0) + log(1 + e to the −|x|). */
export function softplus(v: Lanes, x: Node): Node {
  return v.add(v.pmax(x, v.constant(0)), log1pUnit(v, decay(v, x)));
}

/** tanh |x| = −t / (t + 2), t = expm1(−2|x|): t keeps the digits of a small x. */
export function tanh(v: Lanes, x: Node): Node {
  const t = expm1(v, v.mul(v.abs(x), v.constant(-2)));
  const size = v.div(v.abs(t), v.add(t, v.constant(2)));
  return v.or(size, v.and(x, v.signBit));
}

// log(1 + x) = x − s (x − R(s²)), s = x / (2 + x), R(z) = 2 artanh(s)/s − 2.
const log1pCoefficients: Readonly<Record<Lanes["precision"], readonly number[]>> = {
  float32: [0.6666664033669923, 0.40007560644911205, 0.2823661980531048, 0.2685149802283715],
  float64: [
    0.6666666666666666, 0.39999999999999525, 0.285714285716001, 0.2222222219823677, 0.18181819897962714,
    0.1538454396486055, 0.13335178631449257, 0.11734279061303197, 0.10845178394880015, 0.07492143795550767,
    0.1563057780092285,
  ],
};

/** log(1 + x) for −½ ≤ x ≤ 1, where |s| ≤ ⅓: one series reaches from end to end. */
export function log1pUnit(v: Lanes, x: Node): Node {
  const s = v.div(x, v.add(x, v.constant(2)));
  const z = v.mul(s, s);
  const r = v.mul(z, v.polynomial(z, log1pCoefficients[v.precision]));
  return v.sub(x, v.mul(s, v.sub(x, r)));
}
