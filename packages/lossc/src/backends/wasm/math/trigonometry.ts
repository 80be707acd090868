// sin, cos, atan and atan2 in float64, as FreeBSD's k_sin.c, k_cos.c, e_rem_pio2.c and s_atan.c; float32 goes through it.

import type { Node } from "../assembler.ts";
import type { Lanes } from "../lanes.ts";

const s = [
  -0.16666666666666632, 0.00833333333332249, -0.0001984126982985795, 2.7557313707070068e-6,
  -2.5050760253406863e-8, 1.58969099521155e-10,
];
const c = [
  0.0416666666666666, -0.001388888888887411, 2.480158728947673e-5, -2.7557314351390663e-7,
  2.087572321298175e-9, -1.1359647557788195e-11,
];

/** x = n π/2 + (r + tail). π/2 in four parts of 33 bits; right for |x| up to 2^20, where n has 20 bits. */
function quarter(v: Lanes, x: Node): { readonly bits: Node; readonly r: Node; readonly tail: Node } {
  const rounder = v.constant(1.5 * 2 ** 52);
  const bits = v.add(v.mul(x, v.constant(2 / Math.PI)), rounder);
  const n = v.sub(bits, rounder);
  const part = (value: number): Node => v.mul(n, v.constant(value));
  const first = v.sub(x, part(1.5707963267341256));
  const w2 = part(6.077100506303966e-11);
  const second = v.sub(first, w2);
  const lost2 = v.sub(v.sub(first, second), w2);
  const w3 = part(2.0222662487111665e-21);
  const third = v.sub(second, w3);
  const lost3 = v.sub(v.sub(second, third), w3);
  const tail = v.sub(v.add(lost2, lost3), part(8.4784276603689e-32));
  const r = v.add(third, tail);
  return { bits, r, tail: v.add(v.sub(third, r), tail) };
}

function sineOrCosine(v: Lanes, x: Node, quarters: 0 | 1): Node {
  const { bits, r, tail } = quarter(v, x);
  const z = v.mul(r, r);
  const cube = v.mul(z, r);
  const half = v.constant(0.5);
  const inner = v.polynomial(z, s.slice(1));
  const sine = v.sub(
    r,
    v.sub(v.sub(v.mul(z, v.sub(v.mul(half, tail), v.mul(cube, inner))), tail), v.mul(cube, v.constant(s[0]))),
  );
  const hz = v.mul(half, z);
  const w = v.sub(v.constant(1), hz);
  const rest = v.sub(v.mul(v.mul(z, z), v.polynomial(z, c)), v.mul(r, tail));
  const cosine = v.add(w, v.add(v.sub(v.sub(v.constant(1), w), hz), rest));
  const turned = quarters === 0 ? bits : v.integers("add", bits, v.pattern(1n));
  const odd = v.integers("sub", v.pattern(0n), v.and(turned, v.pattern(1n)));
  const sign = v.shift("shl", v.and(turned, v.pattern(2n)), 62);
  const result = v.xor(v.select(odd, cosine, sine), sign);
  // Beyond this reach there is no digit left to give; NaN says so.
  return v.select(v.le(v.abs(x), v.constant(2 ** 21)), result, v.constant(Number.NaN));
}

export const sin = (v: Lanes, x: Node): Node => v.select(v.eq(x, v.constant(0)), x, sineOrCosine(v, x, 0));
export const cos = (v: Lanes, x: Node): Node => sineOrCosine(v, x, 1);

const aT = [
  0.3333333333333293, -0.19999999999876483, 0.14285714272503466, -0.11111110405462356, 0.09090887133436507,
  -0.0769187620504483, 0.06661073137387531, -0.058335701337905735, 0.049768779946159324,
  -0.036531572744216916, 0.016285820115365782,
];

/** atan of a / b for a, b ≥ 0: 0 … π/2. One division after choosing the angle to measure from. */
function positiveAngle(v: Lanes, a: Node, b: Node): Node {
  // The bounds 7/16, 11/16, 19/16 and 39/16 of a/b, and atan of ½, 1, 1½ and ∞ as high and low parts.
  const over = [7 / 16, 11 / 16, 19 / 16, 39 / 16].map((bound) => v.ge(a, v.mul(b, v.constant(bound))));
  const pick = (values: readonly Node[]): Node =>
    over.reduce((value, mask, i) => v.select(mask, values[i + 1], value), values[0]);
  const half = v.mul(b, v.constant(0.5));
  const numerator = pick([a, v.sub(a, half), v.sub(a, b), v.sub(a, v.mul(b, v.constant(1.5))), v.neg(b)]);
  const denominator = pick([
    b,
    v.add(b, v.mul(a, v.constant(0.5))),
    v.add(a, b),
    v.add(b, v.mul(a, v.constant(1.5))),
    a,
  ]);
  const high = pick(
    [0, 0.4636476090008061, 0.7853981633974483, 0.982793723247329, 1.5707963267948966].map((x) =>
      v.constant(x),
    ),
  );
  const low = pick(
    [0, 2.2698777452961687e-17, 3.061616997868383e-17, 1.3903311031230998e-17, 6.123233995736766e-17].map(
      (x) => v.constant(x),
    ),
  );
  const x = v.div(numerator, denominator);
  const z = v.mul(x, x);
  const w = v.mul(x, v.mul(z, v.polynomial(z, aT)));
  return v.sub(high, v.sub(v.sub(w, low), x));
}

export function atan(v: Lanes, x: Node): Node {
  const size = v.abs(x);
  const finite = v.pmin(size, v.constant(2 ** 64)); // beyond, π/2
  return v.or(positiveAngle(v, finite, v.constant(1)), v.and(x, v.signBit));
}

/** The angle of (b, a), with the signs of zeros and the quarters of infinities as in IEEE 754. */
export function atan2(v: Lanes, a: Node, b: Node): Node {
  const infinity = v.constant(Number.POSITIVE_INFINITY);
  const [sizeA, sizeB] = [v.abs(a), v.abs(b)];
  const [wideA, wideB] = [v.eq(sizeA, infinity), v.eq(sizeB, infinity)];
  // Two infinities are as long as each other; a single one is as long as nothing else.
  const largest = v.pmax(sizeA, sizeB);
  const anyWide = v.or(wideA, wideB);
  // Brought near 1, so that sums of the two neither overflow nor vanish: exact, a power of two.
  const scale = v.select(
    v.gt(largest, v.constant(2 ** 500)),
    v.constant(2 ** -600),
    v.select(v.lt(largest, v.constant(2 ** -500)), v.constant(2 ** 500), v.constant(1)),
  );
  const one = v.constant(1);
  const x = v.select(anyWide, v.and(one, wideA), v.mul(sizeA, scale));
  const y = v.select(anyWide, v.and(one, wideB), v.mul(sizeB, scale));
  const nothing = v.eq(largest, v.constant(0));
  const angle = positiveAngle(v, x, v.select(nothing, one, y));
  const back = v.sub(v.constant(Math.PI), v.sub(angle, v.constant(1.2246467991473532e-16)));
  // The sign of b, −0 included.
  const behind = v.integers("sub", v.pattern(0n), v.shift("shr_u", b, 63));
  const result = v.or(v.select(behind, back, angle), v.and(a, v.signBit));
  const nan = v.or(v.ne(a, a), v.ne(b, b));
  return v.select(nan, v.constant(Number.NaN), result);
}
