// What each elementwise op is in vectors: one row per op of the language.

import { LossError } from "../../errors.ts";
import type { ElementwiseName } from "../../passes/lower/opNames.ts";
import { hasZero, isBounded, makesNaN, type Range } from "../../passes/ranges.ts";
import { phrase } from "../../phrase.ts";
import type { Node } from "./assembler.ts";
import type { Lanes } from "./lanes.ts";
import { math } from "./math/index.ts";

/** What is known of an argument of a compute statement: its number where it is a constant. */
export interface Argument {
  readonly constant?: number | undefined;
  readonly range: Range;
}
type Row = (v: Lanes, a: Node, b: Node, c: Node, args: readonly Argument[]) => Node;

/** Powers that are a few instructions; the others go through logarithms. */
const fixedPowers: Readonly<Record<number, (v: Lanes, a: Node) => Node>> = {
  0: (v) => v.constant(1),
  0.5: (v, a) => v.sqrt(a),
  1: (_, a) => a,
  1.5: (v, a) => v.mul(a, v.sqrt(a)),
  2: (v, a) => v.mul(a, a),
  2.5: (v, a) => v.mul(v.mul(a, a), v.sqrt(a)),
  3: (v, a) => v.mul(v.mul(a, a), a),
  4: (v, a) => v.mul(v.mul(a, a), v.mul(a, a)),
  [-1]: (v, a) => v.div(v.constant(1), a),
  [-2]: (v, a) => v.div(v.constant(1), v.mul(a, a)),
};

/** The geometric series of p = 1 − a with so many terms, without a power. */
const fixedCounts: Readonly<Record<number, (v: Lanes, a: Node, p: Node) => Node>> = {
  0.5: (v, _, p) => v.div(v.constant(1), v.add(v.constant(1), v.sqrt(p))),
  1: (v) => v.constant(1),
  2: (v, a) => v.sub(v.constant(2), a),
  3: (v, a) => v.sub(v.constant(3), v.mul(a, v.sub(v.constant(3), a))),
  4: (v, a) => {
    const rest = v.sub(v.constant(2), a);
    return v.mul(rest, v.sub(v.constant(2), v.mul(a, rest)));
  },
};

/** Of ops that take care of an argument that is ∞: which it is. */
export const caresForInfinite: { readonly [K in ElementwiseName]?: number } = { gap: 1 };

const compare =
  (name: "lt" | "le" | "gt" | "ge" | "eq" | "ne"): Row =>
  (v, a, b) =>
    v.op(name, a, b);

/** Whether a 0 among numbers has to be made to win over those of the other side: only where these may be ∞ or a NaN that
 * arithmetic made. One that was given makes its sample NaN whether or not 0 wins; and one that both have is no 0 of either. */
const needsHelp = (side: Range, other: Range): boolean =>
  hasZero(side) && (!isBounded(other) || (makesNaN(other) && other.nanOf !== side.nanOf));

/** `pmin` and `pmax` give their first argument where either is NaN: one that never is stands second, and else the second's
 * NaN is put over it. The sign of 0 is either's. */
const extreme =
  (name: "pmin" | "pmax"): Row =>
  (v, a, b, _, [p, q]) => {
    if (!q.range.mayBeNaN) return v[name](a, b);
    return p.range.mayBeNaN ? v.or(v[name](a, b), v.ne(b, b)) : v[name](b, a);
  };

/** 1, ½ at a tie, 0. All bits set is a NaN. */
const above: Row = (v, a, b, _, [p, q]) => {
  const ordered = v.or(v.number(v.gt(a, b)), v.and(v.eq(a, b), v.constant(0.5)));
  const first = p.range.mayBeNaN ? v.or(ordered, v.ne(a, a)) : ordered;
  return q.range.mayBeNaN ? v.or(first, v.ne(b, b)) : first;
};

/** x where a is above 0, else 0, by the mask that relu needs. All bits set is a NaN: that of a wins where not `zero`. */
function stepped(v: Lanes, x: Node, a: Node, { mayBeNaN }: Range, zero?: Node): Node {
  const ordered = v.andNot(x, v.le(a, v.constant(0)));
  if (!mayBeNaN) return ordered;
  const doubt = v.ne(a, a);
  return v.or(ordered, zero ? v.andNot(doubt, zero) : doubt);
}

/** Arguments are vectors of numbers, those of `and`, `or`, `not` and the first of `where` masks; comparisons give masks. */
export const rows: { readonly [K in ElementwiseName]: Row } = {
  neg: (v, a) => v.neg(a),
  abs: (v, a) => v.abs(a),
  sign: (v, a) => v.select(v.gt(v.abs(a), v.constant(0)), v.or(v.and(a, v.signBit), v.constant(1)), a), // ±0, NaN: itself
  step: (v, a, _, __, [{ range }]) => {
    const step = stepped(v, v.constant(1), a, range);
    v.steps.set(step, a);
    return step;
  },
  relu: (v, a) => v.relu(a),
  square: (v, a) => v.mul(a, a),
  sqrt: (v, a) => v.sqrt(a),
  exp: (v, a, _, __, [{ range }]) => (range.high <= 0 ? math.expNonPositive : math.exp)(v, a),
  expm1: (v, a, _, __, [{ range }]) => (range.high <= 0 ? math.expm1NonPositive : math.expm1)(v, a),
  // Between ½ and 2 nothing is lost in x − 1.
  log: (
    v,
    a,
    _,
    __,
    [
      {
        range: { low, high },
      },
    ],
  ) => {
    if (low >= 0.5 && high <= 2) return math.log1pUnit(v, v.sub(a, v.constant(1)));
    return (low >= 0 && high <= math.MODERATE ? math.logModerate : math.log)(v, a);
  },
  log1p: (v, a, _, __, [{ range }]) => {
    if (range.low >= -0.5 && range.high <= 1) return math.log1pUnit(v, a);
    return (range.low >= 0 ? math.log1pNonNegative : math.log1p)(v, a);
  },
  log1mexp: (v, a) => math.log1mexp(v, a),
  softplus: (v, a) => math.softplus(v, a),
  sigmoid: (v, a) => math.sigmoid(v, a),
  tanh: (v, a) => math.tanh(v, a),
  sin: (v, a) => math.sin(v, a),
  cos: (v, a) => math.cos(v, a),
  atan: (v, a) => math.atan(v, a),
  floor: (v, a) => v.floor(a),
  lgamma: (v, a) => math.lgamma(v, a),
  digamma: (v, a) => math.digamma(v, a),
  trigamma: (v, a) => math.trigamma(v, a),

  add: (v, a, b) => v.add(a, b),
  sub: (v, a, b) => v.sub(a, b),
  mul: (v, a, b) => v.mul(a, b),
  div: (v, a, b) => v.quotient(a, b),
  atan2: (v, a, b) => math.atan2(v, a, b),
  pow: (v, a, b, _, [, exponent]) =>
    (fixedPowers[exponent.constant ?? Number.NaN] ?? ((): Node => math.pow(v, a, b)))(v, a),
  min: extreme("pmin"),
  max: extreme("pmax"),
  // 1 − [b above a] where that is there
  above: (v, a, b, c, [p, q]) =>
    v.has("gt", b, a) ? v.sub(v.constant(1), above(v, b, a, c, [q, p])) : above(v, a, b, c, [p, q]),
  weigh: (v, a, b, _, [p, q]) => {
    const zeros: Node[] = [];
    if (needsHelp(p.range, q.range)) zeros.push(v.eq(a, v.constant(0)));
    const of = v.steps.get(b);
    if (of) return stepped(v, a, of, q.range, zeros[0]);
    if (needsHelp(q.range, p.range)) zeros.push(v.eq(b, v.constant(0)));
    return zeros.length === 0
      ? v.mul(a, b)
      : v.andNot(
          v.mul(a, b),
          zeros.reduce((x, y) => v.or(x, y)),
        );
  },
  // The largest, or where it is not above 0 a NaN, which equals nothing: that is computed once for a row.
  gap: (v, a, b, _, [, { range }]) =>
    range.high < Number.POSITIVE_INFINITY
      ? v.sub(a, b)
      : v.andNot(v.sub(a, b), v.eq(a, v.or(b, v.le(b, v.constant(0))))),
  geometric: (v, a, b, c, [, count]) =>
    (fixedCounts[count.constant ?? Number.NaN] ?? ((): Node => math.geometric(v, a, b, c)))(v, a, c),
  exprel: (v, a, _, __, [x, order]) => {
    if (order.constant === undefined)
      throw new LossError("unsupported", phrase`A kernel has exprel of constant orders only.`, {
        op: "exprel",
        target: "wasm",
      });
    const isNear = x.range.low >= -1 && x.range.high <= 1;
    return (isNear ? math.exprelNear : math.exprel)(v, a, order.constant);
  },

  lt: compare("lt"),
  le: compare("le"),
  gt: compare("gt"),
  ge: compare("ge"),
  eq: compare("eq"),
  ne: compare("ne"),
  and: (v, a, b) => v.and(a, b),
  or: (v, a, b) => v.or(a, b),
  not: (v, a) => v.not(a),
  where: (v, condition, a, b) => v.select(condition, a, b),
};
