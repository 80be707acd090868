// Functions that databases lack, in terms of those they have. In: expressions after all passes. Out: equal ones
// without softplus, sigmoid, log1p, expm1 …; where the ranges allow it, without a choice that would cost a branch.

import { constant, type Expr, rebuild, where } from "../../language/expr.ts";
import type { Op } from "../../language/ops.ts";
import { fading, isSize, isSizeBelow, withoutSign } from "../../passes/magnitude.ts";
import { isBounded, isNonZero, type Ranges } from "./ranges.ts";

const one = constant(1);
/** Beyond this eˣ is no normal number. */
const LARGEST_EXPONENT = 700;
/** 1 + x is not 1 above this. */
const SEEN_BESIDE_ONE = 2 ** -52;

const never = one.lt(0);
const always = one.gt(0);
const isZero = (expr: Expr): boolean => expr.op === "constant" && expr.attrs.value === 0;

type Rule = (a: Expr, b: Expr, ranges: Ranges, c: Expr) => Expr | undefined;

const isOrdinaryExponent = (x: Expr, ranges: Ranges): boolean => {
  const { low, high, mayBeNaN } = ranges(x);
  return !mayBeNaN && low >= -LARGEST_EXPONENT && high <= LARGEST_EXPONENT;
};

function log1p(x: Expr, ranges: Ranges): Expr {
  const { low, high, mayBeNaN } = ranges(x);
  const u = x.add(1);
  const kahan = u.log().mul(x.div(u.sub(1))); // Kahan 1982: the rounding of 1 + x cancels
  if (low >= SEEN_BESIDE_ONE && high < Number.POSITIVE_INFINITY && !mayBeNaN) return kahan;
  // ln u, and what the rounding of 1 + x lost, to first order: no branch at x = 0
  const corrected = u.log().add(x.sub(u.sub(1)).div(u));
  if (low > -1 && high < Number.POSITIVE_INFINITY && !mayBeNaN) return corrected;
  return where(u.gt(0).and(u.lt(Number.POSITIVE_INFINITY)), corrected, u.log());
}

const rules: { readonly [K in Op]?: Rule } = {
  // With E = eˣ shared by all functions of one logit.
  softplus(x, _, ranges) {
    if (isSize(x)) return log1p(fading(x), ranges).add(x);
    if (isSizeBelow(x)) return log1p(fading(x), ranges);
    return isOrdinaryExponent(x, ranges)
      ? log1p(x.exp(), ranges)
      : log1p(fading(x), ranges).add(relu(x, ranges));
  },
  sigmoid(x, _, ranges) {
    if (isSize(x)) return one.div(fading(x).add(1));
    if (isSizeBelow(x)) return fading(x).div(fading(x).add(1));
    if (isOrdinaryExponent(x, ranges)) {
      const e = withoutSign(x).exp();
      return x.op === "neg" ? one.div(e.add(1)) : e.div(e.add(1));
    }
    const e = fading(x);
    const share = where(x.ge(0), one.div(e.add(1)), e.div(e.add(1)));
    return ranges(x).mayBeNaN ? where(x.eq(x), share, x) : share;
  },
  log1p: (x, _, ranges) => log1p(x, ranges),
  expm1: (x) => x.mul(0.5).tanh().mul(x.exp().add(1)), //     tanh(x/2) = (eˣ − 1)/(eˣ + 1)
  // Mächler 2012, eq. 7
  log1mexp: (x, _, ranges) =>
    where(x.gt(-Math.LN2), expm1(x, ranges).neg().log(), log1p(x.exp().neg(), ranges)),
  // φ₁(x) = (eˣ − 1)/x, 1 at 0; those of higher order occur in second derivatives only
  exprel: (x, order, ranges) =>
    order.attrs.value === 1 ? where(x.eq(0), 1, expm1(x, ranges).div(x)) : undefined,
  geometric(x, n, ranges, p) {
    if (n.attrs.value === 1) return one;
    if (n.attrs.value === 2) return constant(2).sub(x);
    const log = where(p.lt(0.5), p.log(), log1p(x.neg(), ranges));
    return where(x.mul(n).lt(1e-17), n, expm1(n.mul(log), ranges).neg().div(x));
  },
  relu: (x, _, ranges) => relu(x, ranges),
  sign: (x) => where(x.gt(0), 1, where(x.lt(0), -1, x)),
  step: (x) => where(x.gt(0), 1, where(x.le(0), 0, x)),
  above: (a, b) => where(a.gt(b), 1, where(a.lt(b), 0, where(a.eq(b), 0.5, Number.NaN))),
  gap: (a, b) => where(a.eq(b).and(a.gt(0)), 0, a.sub(b)),
  weigh: (a, b, ranges) =>
    isBounded(ranges(a)) && isBounded(ranges(b))
      ? a.mul(b)
      : where(zero(a, ranges).or(zero(b, ranges)), 0, a.mul(b)),
  eq: (a, b, ranges) => (isZero(b) && isNonZero(ranges(a)) ? never : undefined),
  ne: (a, b, ranges) => (isZero(b) && isNonZero(ranges(a)) ? always : undefined),
  min: (a, b, ranges) => (ranges(a).mayBeNaN || ranges(b).mayBeNaN ? undefined : where(a.lt(b), a, b)),
  max: (a, b, ranges) => (ranges(a).mayBeNaN || ranges(b).mayBeNaN ? undefined : where(a.gt(b), a, b)),
  // A product is ten times cheaper than a power.
  pow(x, exponent) {
    const n = exponent.attrs.value;
    if (exponent.op !== "constant" || n === undefined) return undefined;
    return powers[String(n)]?.(x);
  },
};

const powers: Readonly<Record<string, (x: Expr) => Expr>> = {
  "-1": (x) => one.div(x),
  0.5: (x) => x.sqrt(),
  1.5: (x) => x.sqrt().mul(x),
  3: (x) => x.square().mul(x),
  4: (x) => x.square().square(),
};

const expm1 = (x: Expr, ranges: Ranges): Expr => rules.expm1!(x, x, ranges, x)!;
const zero = (x: Expr, ranges: Ranges): Expr => (isNonZero(ranges(x)) ? never : x.eq(0));

/** (x + |x|)/2 costs a fifth of a choice; ∞ − ∞ must not come about. */
const relu = (x: Expr, ranges: Ranges): Expr =>
  isBounded(ranges(x)) ? x.add(withoutSign(x).abs()).mul(0.5) : where(x.lt(0), 0, x);

/** Rules see their arguments rewritten; what they build is rewritten in turn. */
export function composed(roots: readonly Expr[], ranges: Ranges): Expr[] {
  const rewrite = (expr: Expr): Expr => {
    const better = rules[expr.op]?.(expr.args[0], expr.args[1], ranges, expr.args[2]);
    if (better === undefined || better === expr) return expr;
    const [made] = rebuild([better], rewrite);
    ranges.keep(made, expr);
    return made;
  };
  return rebuild(roots, rewrite);
}
