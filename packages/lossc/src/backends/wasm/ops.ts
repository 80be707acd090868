// What each elementwise op is in vectors: one row per op of the language.

import type { ElementwiseName } from "../../passes/lower/opNames.ts";
import type { Node } from "./assembler.ts";
import type { Lanes } from "./lanes.ts";
import { math } from "./math/index.ts";

/** An argument of a compute statement: its vector, and its number where it is a constant. */
export interface Argument {
  readonly node: Node;
  readonly constant?: number | undefined;
}
type Row = (v: Lanes, a: Node, b: Node, c: Node, args: readonly Argument[]) => Node;

/** Powers that are a few instructions; the others go through logarithms. */
const fixedPowers: Readonly<Record<number, (v: Lanes, a: Node) => Node>> = {
  0: (v) => v.constant(1),
  0.5: (v, a) => v.sqrt(a),
  1: (_, a) => a,
  2: (v, a) => v.mul(a, a),
  3: (v, a) => v.mul(v.mul(a, a), a),
  4: (v, a) => v.mul(v.mul(a, a), v.mul(a, a)),
  [-1]: (v, a) => v.div(v.constant(1), a),
  [-2]: (v, a) => v.div(v.constant(1), v.mul(a, a)),
};

const compare =
  (name: "lt" | "le" | "gt" | "ge" | "eq" | "ne"): Row =>
  (v, a, b) =>
    v.op(name, a, b);

/** All bits set, which is a NaN, where either is a NaN. */
const unordered = (v: Lanes, a: Node, b: Node): Node => (a === b ? v.ne(a, a) : v.or(v.ne(a, a), v.ne(b, b)));

/** Arguments are vectors of numbers, those of `and`, `or`, `not` and the first of `where` masks; comparisons give masks. */
export const rows: { readonly [K in ElementwiseName]: Row } = {
  neg: (v, a) => v.neg(a),
  abs: (v, a) => v.abs(a),
  sign: (v, a) => v.select(v.gt(v.abs(a), v.constant(0)), v.or(v.and(a, v.signBit), v.constant(1)), a), // ±0, NaN: itself
  step: (v, a) => v.or(v.number(v.gt(a, v.constant(0))), unordered(v, a, a)),
  relu: (v, a) => v.andNot(a, v.le(a, v.constant(0))),
  square: (v, a) => v.mul(a, a),
  sqrt: (v, a) => v.sqrt(a),
  exp: (v, a) => math.exp(v, a),
  expm1: (v, a) => math.expm1(v, a),
  log: (v, a) => math.log(v, a),
  log1p: (v, a) => math.log1p(v, a),
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
  div: (v, a, b) => v.div(a, b),
  atan2: (v, a, b) => math.atan2(v, a, b),
  pow: (v, a, b, _, [, exponent]) => (fixedPowers[exponent.constant ?? Number.NaN] ?? ((): Node => math.pow(v, a, b)))(v, a),
  min: (v, a, b) => v.min(a, b),
  max: (v, a, b) => v.max(a, b),
  above: (v, a, b) => {
    const ordered = v.or(v.number(v.gt(a, b)), v.and(v.eq(a, b), v.constant(0.5)));
    return v.or(ordered, unordered(v, a, b));
  },
  weigh: (v, a, b) => {
    const zero = v.constant(0);
    return v.andNot(v.mul(a, b), v.or(v.eq(a, zero), v.eq(b, zero)));
  },
  gap: (v, a, b) => v.andNot(v.sub(a, b), v.and(v.eq(a, b), v.gt(a, v.constant(0)))),
  exprel: (v, a, _, __, [, order]) => {
    if (order.constant === undefined) throw new Error("exprel of an order that is no constant");
    return math.exprel(v, a, order.constant);
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
