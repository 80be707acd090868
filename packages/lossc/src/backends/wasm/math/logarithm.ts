// log, log1p, log(1 − eˣ) and pow, for vectors of either precision.
//
// x = 2ᵏ (1 + f) with 1 + f in [√½, √2); log(1 + f) = f − (f²/2 − s (f²/2 + R(s²))), s = f / (2 + f).
// FreeBSD's e_log.c, e_logf.c and e_pow.c.

import type { Node } from "../assembler.ts";
import type { Lanes } from "../lanes.ts";
import { expm1, expNonPositive } from "./exponential.ts";

interface Constants {
  /** k times this is exact. */
  readonly ln2High: number;
  readonly ln2Low: number;
  /** R(z)/z. */
  readonly r: readonly number[];
  /** Brings a subnormal number among the normal ones. */
  readonly lift: number;
  readonly leastNormal: number;
}

const constants: Readonly<Record<Lanes["precision"], Constants>> = {
  float32: {
    ln2High: 6.9313812256e-1,
    ln2Low: 9.0580006145e-6,
    r: [0.6666668509542907, 0.39988757716604845, 0.29580985929974424], // error 1e-9 f
    lift: 25,
    leastNormal: 2 ** -126,
  },
  float64: {
    ln2High: 0.6931471803691238,
    ln2Low: 1.9082149292705877e-10,
    r: [
      0.6666666666666735, 0.3999999999940942, 0.2857142874366239, 0.22222198432149784, 0.1818357216161805,
      0.15313837699209373, 0.14798198605116586,
    ],
    lift: 54,
    leastNormal: 2 ** -1022,
  },
};

/** A positive normal x as 2ᵏ⁺ˡ m, l = `lift`, with m in [√½, √2). */
export function split(v: Lanes, x: Node, lift = 0): { readonly k: Node; readonly m: Node } {
  const { mantissaBits, bias } = v.format;
  const offset = v.bitsOf(Math.SQRT1_2);
  const mantissa = v.pattern((1n << BigInt(mantissaBits)) - 1n);
  if (v.precision === "float32") {
    const bits = v.integers("sub", x, v.pattern(offset + (BigInt(lift) << 23n)));
    const k = v.op("convert_i32x4_s", v.shift("shr_s", bits, mantissaBits));
    return { k, m: v.integers("add", v.and(bits, mantissa), v.pattern(offset)) };
  }
  // There is no conversion from 64-bit integers: k + bias is put into the lowest bits of 2^52, and that taken away.
  const bits = v.integers("sub", x, v.pattern(offset - (BigInt(bias) << 52n)));
  const biased = v.or(v.shift("shr_u", bits, mantissaBits), v.constant(2 ** 52));
  return {
    k: v.sub(biased, v.constant(2 ** 52 + bias + lift)),
    m: v.integers("add", v.and(bits, mantissa), v.pattern(offset)),
  };
}

/** log of 2ᵏ (1 + f), with `correction` added where it is not lost. */
function assembled(v: Lanes, k: Node, f: Node, correction?: Node): Node {
  const { ln2High, ln2Low, r } = constants[v.precision];
  const s = v.div(f, v.add(f, v.constant(2)));
  const z = v.mul(s, s);
  const halfSquare = v.mul(v.constant(0.5), v.mul(f, f));
  const series = v.mul(s, v.add(halfSquare, v.mul(z, v.polynomial(z, r))));
  const low = v.mul(k, v.constant(ln2Low));
  const tail = v.add(series, correction ? v.add(low, correction) : low);
  return v.add(v.mul(k, v.constant(ln2High)), v.sub(f, v.sub(halfSquare, tail)));
}

/** `inside` where 0 < x < ∞; −∞ at 0, NaN below and for NaN, ∞ itself. */
function withEdges(v: Lanes, x: Node, inside: Node): Node {
  const zero = v.constant(0);
  const upTo = v.select(v.lt(x, v.constant(Number.POSITIVE_INFINITY)), inside, x);
  // All bits set are a NaN.
  const below = v.or(v.constant(Number.NEGATIVE_INFINITY), v.ne(x, zero));
  return v.select(v.gt(x, zero), upTo, below);
}

export function log(v: Lanes, x: Node): Node {
  const { lift, leastNormal } = constants[v.precision];
  const tiny = v.lt(x, v.constant(leastNormal));
  const { k, m } = split(v, v.select(tiny, v.mul(x, v.constant(2 ** lift)), x));
  const exponent = v.sub(k, v.and(tiny, v.constant(lift)));
  return withEdges(v, x, assembled(v, exponent, v.sub(m, v.constant(1))));
}

/** So large that `lift` does not make it overflow. */
export const MODERATE = 2 ** 64;

/** log x for 0 ≤ x ≤ `MODERATE`: a number is lifted without asking whether it is subnormal. */
export function logModerate(v: Lanes, x: Node): Node {
  const { lift } = constants[v.precision];
  const { k, m } = split(v, v.mul(x, v.constant(2 ** lift)), lift);
  const inside = assembled(v, k, v.sub(m, v.constant(1)));
  const zero = v.constant(0);
  // −∞ at 0, NaN below and for NaN, whose bits are all set.
  const edge = v.or(v.constant(Number.NEGATIVE_INFINITY), v.ne(x, zero));
  return v.add(inside, v.andNot(edge, v.gt(x, zero)));
}

export function log1p(v: Lanes, x: Node): Node {
  const one = v.constant(1);
  const u = v.add(x, one);
  const { k, m } = split(v, u);
  // What rounding 1 + x lost, as a share of it.
  const lost = v.select(v.lt(x, one), v.sub(x, v.sub(u, one)), v.sub(one, v.sub(u, x)));
  const correction = v.div(lost, u);
  // For 1 + x near 1 the f of x itself has more digits than that of 1 + x.
  const near = v.eq(k, v.constant(0));
  const f = v.select(near, x, v.sub(m, one));
  const result = withEdges(v, u, assembled(v, k, f, v.andNot(correction, near)));
  return v.or(result, v.and(v.and(x, v.signBit), v.eq(x, v.constant(0)))); // −0 for −0
}

/** log(1 − eˣ), x ≤ 0; Mächler 2012, eq. 7. Near 0 the logarithm of 1 − eˣ without rounding eˣ, elsewhere log1p(−eˣ). */
export function log1mexp(v: Lanes, x: Node): Node {
  const one = v.constant(1);
  const near = v.gt(x, v.constant(-Math.LN2));
  const e = expNonPositive(v, x);
  const u = v.select(near, v.neg(expm1(v, x)), v.sub(one, e));
  const tiny = v.lt(u, v.constant(constants[v.precision].leastNormal));
  const lift = constants[v.precision].lift;
  const { k, m } = split(v, v.select(tiny, v.mul(u, v.constant(2 ** lift)), u));
  const exponent = v.sub(k, v.and(tiny, v.constant(lift)));
  // Where 1 − eˣ is near 1 the series takes −eˣ itself. Elsewhere what rounding lost is added as its share of about 0.6.
  const isWhole = v.eq(k, v.constant(0));
  const f = v.select(isWhole, v.neg(e), v.sub(m, one));
  const lost = v.andNot(v.sub(v.sub(one, u), e), v.or(near, isWhole));
  const result = withEdges(v, u, assembled(v, exponent, f, v.mul(lost, v.constant(1.65))));
  return v.or(result, v.signBit); // never above 0, and −0 for −∞
}

/** (1 − pⁿ)/x for 0 ≤ p ≤ 1 and x = 1 − p: n for a small x. */
export function geometric(v: Lanes, x: Node, n: Node, p: Node): Node {
  const logarithm = v.select(v.lt(p, v.constant(0.5)), log(v, p), log1p(v, v.neg(x)));
  const isSmall = v.lt(v.mul(x, n), v.constant(2 ** -(v.format.mantissaBits + 2)));
  return v.select(isSmall, n, v.neg(v.div(expm1(v, v.mul(n, logarithm)), x)));
}

// ---- pow ----------------------------------------------------------------------------------------------

/** With the 32 lowest bits cleared: products of two such numbers are exact. */
const high = (v: Lanes, x: Node): Node => v.and(x, v.pattern(0xffffffff00000000n));

const l = [
  0.5999999999999946, 0.4285714285785502, 0.33333332981837743, 0.272728123808534, 0.23066074577556175,
  0.20697501780033842,
];
const p = [
  0.16666666666666602, -0.0027777777777015593, 6.613756321437934e-5, -1.6533902205465252e-6,
  4.1381367970572385e-8,
];

/** aᵇ for finite a > 0 and finite b, in float64: log₂ a to 70 bits, times b, and 2 to that. */
function powInside(v: Lanes, a: Node, b: Node): Node {
  const tiny = v.lt(a, v.constant(2 ** -1022));
  const lifted = v.select(tiny, v.mul(a, v.constant(2 ** 54)), a);
  const one = v.constant(1);
  // a = 2ⁿ x with x in [√3/2, √3), near `point`, 1 or 1.5.
  const offset = 0x3febb67ae8584caan; // √3/2
  const bits = v.integers("sub", lifted, v.pattern(offset - (1023n << 52n)));
  const biased = v.or(v.shift("shr_u", bits, 52), v.constant(2 ** 52));
  const n = v.sub(v.sub(biased, v.constant(2 ** 52 + 1023)), v.and(tiny, v.constant(54)));
  const x = v.integers("add", v.and(bits, v.pattern(0xfffffffffffffn)), v.pattern(offset));
  const upper = v.ge(x, v.constant(1.224744871391589)); // √(3/2)
  const pointHigh = (up: number, down: number): Node => v.select(upper, v.constant(up), v.constant(down));
  const point = pointHigh(1.5, 1);

  // log₂(x / point) = (2 / ln 2) artanh s, s = (x − point) / (x + point), as a high and a low part.
  const u = v.sub(x, point);
  const inverse = v.div(one, v.add(x, point));
  const s = v.mul(u, inverse);
  const sHigh = high(v, s);
  const sumHigh = high(v, v.add(x, point));
  const sumLow = v.sub(x, v.sub(sumHigh, point));
  const sLow = v.mul(inverse, v.sub(v.sub(u, v.mul(sHigh, sumHigh)), v.mul(sHigh, sumLow)));
  const square = v.mul(s, s);
  const r = v.add(v.mul(v.mul(square, square), v.polynomial(square, l)), v.mul(sLow, v.add(sHigh, s)));
  const squareHigh = v.mul(sHigh, sHigh);
  const three = v.constant(3);
  const tHigh = high(v, v.add(v.add(three, squareHigh), r));
  const tLow = v.sub(r, v.sub(v.sub(tHigh, three), squareHigh));
  const productHigh = v.mul(sHigh, tHigh);
  const productLow = v.add(v.mul(sLow, tHigh), v.mul(tLow, s));
  const pHigh = high(v, v.add(productHigh, productLow));
  const pLow = v.sub(productLow, v.sub(pHigh, productHigh));
  const zHigh = v.mul(v.constant(0.9617967009544373), pHigh); //   2 / (3 ln 2)
  const zLow = v.add(
    v.add(v.mul(v.constant(-7.028461650952758e-9), pHigh), v.mul(pLow, v.constant(0.9617966939259756))),
    pointHigh(1.350039202129749e-8, 0),
  );
  const ofPoint = pointHigh(0.5849624872207642, 0); //             log₂ of the point
  const logHigh = high(v, v.add(v.add(v.add(zHigh, zLow), ofPoint), n));
  const logLow = v.sub(zLow, v.sub(v.sub(v.sub(logHigh, n), ofPoint), zHigh));

  // Beyond ±2^32 the power is 0 or ∞ or 1 whatever the digits are; no part below overflows there.
  const bounded = v.pmax(v.pmin(b, v.constant(2 ** 66)), v.constant(-(2 ** 66)));
  const bHigh = high(v, bounded);
  const low = v.add(v.mul(v.sub(bounded, bHigh), logHigh), v.mul(bounded, logLow));
  const raw = v.mul(bHigh, logHigh);
  const total = v.add(low, raw);
  const inRange = v.and(v.lt(total, v.constant(1100)), v.gt(total, v.constant(-1100)));
  const clamped = v.pmax(v.pmin(total, v.constant(1100)), v.constant(-1100));
  const hi = v.select(inRange, raw, clamped);
  const lo = v.and(low, inRange);

  // 2 to hi + lo.
  const rounder = v.constant(1.5 * 2 ** 52);
  const whole = v.sub(v.add(v.add(lo, hi), rounder), rounder);
  const part = v.sub(hi, whole);
  const t = high(v, v.add(lo, part));
  const fine = v.mul(t, v.constant(0.6931471824645996));
  const rest = v.add(
    v.mul(v.sub(lo, v.sub(t, part)), v.constant(Math.LN2)),
    v.mul(t, v.constant(-1.904654299957768e-9)),
  );
  const z = v.add(fine, rest);
  const w = v.sub(rest, v.sub(z, fine));
  const zz = v.mul(z, z);
  const t1 = v.sub(z, v.mul(zz, v.polynomial(zz, p)));
  const quotient = v.div(v.mul(z, t1), v.sub(t1, v.constant(2)));
  const e = v.sub(one, v.sub(v.sub(quotient, v.add(w, v.mul(z, w))), z));
  const half = v.add(v.mul(whole, v.constant(0.5)), rounder);
  const other = v.add(v.sub(whole, v.sub(half, rounder)), rounder);
  const power = (k: Node): Node => v.integers("add", v.shift("shl", k, 52), v.pattern(1023n << 52n));
  return v.mul(v.mul(e, power(half)), power(other));
}

/** Twelve digits of log₂ and 2ˣ: what a float32 result needs. */
function powShort(v: Lanes, a: Node, b: Node): Node {
  const tiny = v.lt(a, v.constant(2 ** -1022));
  const { k, m } = split(v, v.select(tiny, v.mul(a, v.constant(2 ** 54)), a));
  const f = v.sub(m, v.constant(1));
  const s = v.div(f, v.add(m, v.constant(1)));
  const z = v.mul(s, s);
  // 2 artanh(s) = s (2 + z r(z)), error 5e-14
  const series = v.add(
    v.mul(
      z,
      v.polynomial(
        z,
        [
          0.6666666666666206, 0.4000000001126354, 0.2857142412022083, 0.22222864249374918,
          0.18140107756610346, 0.1662311658428347,
        ],
      ),
    ),
    v.constant(2),
  );
  const exponent = v.sub(k, v.and(tiny, v.constant(54)));
  const logarithm = v.add(v.mul(v.mul(s, series), v.constant(Math.LOG2E)), exponent);
  const y = v.pmax(v.pmin(v.mul(b, logarithm), v.constant(1000)), v.constant(-1000));
  const rounder = v.constant(1.5 * 2 ** 52);
  const bits = v.add(y, rounder);
  const r = v.mul(v.sub(y, v.sub(bits, rounder)), v.constant(Math.LN2));
  // eʳ − 1 = r q(r), error 5e-12
  const q = v.polynomial(
    r,
    [
      0.999999999995473, 0.4999999999995475, 0.16666666787028753, 0.04166666678698556, 0.008333283339034426,
      0.0013888838910996056, 0.00019907702175735054, 2.4868002978056962e-5,
    ],
  );
  const e = v.add(v.mul(r, q), v.constant(1));
  return v.mul(e, v.integers("add", v.shift("shl", bits, 52), v.pattern(1023n << 52n)));
}

/** JavaScript's a ** b where a ≥ 0: 1 for b = 0 even of NaN, NaN for 1 to the ±∞; below 0, for whole b. */
export function pow(v: Lanes, a: Node, b: Node): Node {
  const zero = v.constant(0);
  const one = v.constant(1);
  const infinity = v.constant(Number.POSITIVE_INFINITY);
  const size = v.abs(a);
  let inside: Node;
  if (v.grade === "short") inside = powShort(v, size, b);
  else if (v.precision === "float32") {
    const w = v.wide();
    const [[aLow, aHigh], [bLow, bHigh]] = [v.widen(size), v.widen(b)];
    inside = v.narrow(powShort(w, aLow, bLow), powShort(w, aHigh, bHigh));
  } else inside = powInside(v, size, b);
  const regular = v.and(v.and(v.gt(size, zero), v.lt(size, infinity)), v.lt(v.abs(b), infinity));
  // b log a, where something is 0 or infinite: its sign decides between 0 and ∞.
  const slope = v.select(
    v.eq(size, zero),
    v.neg(infinity),
    v.select(v.eq(size, infinity), infinity, v.sub(size, one)),
  );
  const direction = v.mul(b, slope);
  const edge = v.pmax(v.mul(direction, infinity), zero);
  const result = v.select(regular, inside, edge);
  // Below 0: NaN unless b is whole, and the sign of a where b is odd.
  const whole = v.eq(v.floor(b), b);
  const halfB = v.mul(b, v.constant(0.5));
  const odd = v.and(whole, v.ne(v.floor(halfB), halfB));
  const signed = v.or(result, v.and(v.and(a, v.signBit), odd));
  const nan = v.andNot(v.and(v.lt(a, zero), v.gt(a, v.neg(infinity))), whole);
  return v.select(v.eq(b, zero), one, v.select(nan, v.constant(Number.NaN), signed));
}
