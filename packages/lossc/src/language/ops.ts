// Every operation of the language, once: its arity, the type of its result, its meaning as a scalar function.
//
// What the language means, for every engine:
// - Numbers are IEEE. NaN goes through every arithmetic row, `min`, `max`, `relu`, `sign`, `step` and `above`
//   included; a comparison with NaN is false.
// - A truth value counts as 0 or 1 in arithmetic, so `sum` of a comparison counts.
// - `weigh(a, b)` is a·b in which 0 wins, over ∞ and over NaN: this is the 0·log 0 = 0 of information theory, and
//   how the gradient keeps what has no influence from turning 0·∞ into NaN.
// - Ties: elementwise `min` and `max` share the gradient half and half; along an axis the first extreme takes
//   all of it. `abs`, `relu` have gradient 0 at 0.
// - Empty reductions: `sum` 0, `reduceMax` −∞, `reduceMin` +∞, `argmax` 0, `norm` 0, `quantile` NaN.
// - Axes are named. Elementwise rows take the union of their arguments' axes; a reduction over an axis its
//   argument lacks treats the argument as constant along it (so `sum` multiplies by the size).

import { digamma, exprel, geometric, log1mexp, logGamma, sigmoid, softplus, trigamma } from "./scalar.ts";

export type ValueType = "float" | "int" | "bool";

/** Same scalar function for every element. `bounded`: finite for every argument, infinite ones included. */
export interface ElementwiseOp {
  readonly kind: "elementwise";
  readonly arity: 1 | 2 | 3;
  readonly type: ValueType;
  readonly takes?: readonly (ValueType | "any")[];
  readonly bounded?: true;
  readonly apply: (a: number, b: number, c: number) => number;
}

/** Removes the axis `attrs.axis`. */
export interface ReduceOp {
  readonly kind: "reduce";
  readonly arity: 1 | 2;
  readonly type: ValueType;
}

/** Keeps all axes; every element depends on the whole row along `attrs.axis`. */
export interface RowOp {
  readonly kind: "row";
  readonly arity: 1;
  readonly type: ValueType;
  readonly bounded?: true;
}

/** Leaves, and operations that move elements between axes. */
export interface ShapeOp {
  readonly kind: "leaf" | "shape";
  readonly arity: 0 | 1 | 2;
  readonly type: ValueType;
}

export type OpRow = ElementwiseOp | ReduceOp | RowOp | ShapeOp;

const unary = (apply: (a: number) => number) =>
  ({ kind: "elementwise", arity: 1, type: "float", apply }) as const;
const binary = (apply: (a: number, b: number) => number) =>
  ({ kind: "elementwise", arity: 2, type: "float", apply }) as const;
const compare = (apply: (a: number, b: number) => boolean) =>
  ({
    kind: "elementwise",
    arity: 2,
    type: "bool",
    bounded: true,
    apply: (a: number, b: number) => +apply(a, b),
  }) as const;
const logical = (apply: (a: number, b: number) => number) =>
  ({ kind: "elementwise", arity: 2, type: "bool", takes: ["bool", "bool"], bounded: true, apply }) as const;
const bounded = <Row extends ElementwiseOp>(row: Row) => ({ ...row, bounded: true }) as const;
const reduce = { kind: "reduce", arity: 1, type: "float" } as const;
const row = { kind: "row", arity: 1, type: "float" } as const;
const leaf = { kind: "leaf", arity: 0, type: "float" } as const;
const shape = { kind: "shape", arity: 1, type: "float" } as const;

export const ops = {
  // Leaves
  input: leaf, //                       attrs.name, axes, and the type it was declared with
  param: leaf, //                       attrs.name; a number, or one number per element of its axes
  constant: leaf, //                    attrs.value
  size: leaf, //                        how long attrs.axis is
  iota: { ...leaf, type: "int" }, //    0, 1, 2 … along attrs.axis

  // One argument
  neg: unary((a) => -a),
  abs: unary(Math.abs),
  sign: bounded(unary(Math.sign)),
  step: bounded(unary((a) => (Number.isNaN(a) ? a : +(a > 0)))), // 1 above 0, else 0: the slope of relu
  relu: unary((a) => Math.max(a, 0)),
  square: unary((a) => a * a),
  sqrt: unary(Math.sqrt),
  exp: unary(Math.exp),
  expm1: unary(Math.expm1), //          eᵃ − 1
  log: unary(Math.log),
  log1p: unary(Math.log1p), //          log(1 + a)
  log1mexp: unary(log1mexp), //         log(1 − eᵃ), a ≤ 0
  softplus: unary(softplus), //         log(1 + eᵃ)
  sigmoid: bounded(unary(sigmoid)), //  1 / (1 + e⁻ᵃ)
  tanh: bounded(unary(Math.tanh)),
  sin: unary(Math.sin),
  cos: unary(Math.cos),
  atan: bounded(unary(Math.atan)),
  floor: unary(Math.floor),
  lgamma: unary(logGamma), //           log Γ(a), a > 0
  digamma: unary(digamma),
  trigamma: unary(trigamma),

  // Two arguments
  add: binary((a, b) => a + b),
  sub: binary((a, b) => a - b),
  mul: binary((a, b) => a * b),
  div: binary((a, b) => a / b),
  atan2: binary(Math.atan2), //         the angle of (b, a): atan(a/b) for b > 0, whatever is 0
  pow: binary((a, b) => a ** b), //     a ≥ 0
  min: binary((a, b) => Math.min(a, b)),
  max: binary((a, b) => Math.max(a, b)),
  above: bounded(binary((a, b) => (a > b ? 1 : a < b ? 0 : a === b ? 0.5 : Number.NaN))), // the slope of max in a
  weigh: binary((a, b) => (a === 0 || b === 0 ? 0 : a * b)),
  gap: binary((a, b) => (a === b && a > 0 ? 0 : a - b)), // a − b where ∞ − ∞ is 0: a logit's distance to the row's largest
  // (1 − cᵇ)/a for c from 0 to 1 and a = 1 − c, b where a is 0: 1 + c + c² + … to b terms
  geometric: { kind: "elementwise", arity: 3, type: "float", apply: geometric },
  exprel: binary(exprel), //            φ_b(a): φ₁(a) = (eᵃ − 1)/a, φ_{k+1}(a) = (φ_k(a) − 1/k!)/a

  // Comparison and choice
  lt: compare((a, b) => a < b),
  le: compare((a, b) => a <= b),
  gt: compare((a, b) => a > b),
  ge: compare((a, b) => a >= b),
  eq: compare((a, b) => a === b),
  ne: compare((a, b) => a !== b),
  and: logical((a, b) => a & b),
  or: logical((a, b) => a | b),
  not: { ...unary((a) => 1 - a), type: "bool", takes: ["bool"], bounded: true },
  where: {
    kind: "elementwise",
    arity: 3,
    type: "float",
    takes: ["bool", "any", "any"],
    apply: (condition: number, a: number, b: number) => (condition ? a : b),
  },

  // Along an axis
  sum: reduce,
  reduceMax: reduce,
  reduceMin: reduce,
  argmax: { ...reduce, type: "int" }, //  where the first largest is
  argmin: { ...reduce, type: "int" },
  norm: reduce, //                        √Σa², without overflow
  logSumExp: reduce, //                   log Σ eᵃ
  expRest: reduce, //                     Σ e^(a − largest) over all but the first largest: 0 … size − 1
  quantile: { ...reduce, arity: 2 }, //   the q-th quantile, linear between order statistics; q second
  contract: { ...reduce, arity: 2 }, //   Σ a·b, the products never stored
  softmax: { ...row, bounded: true },
  logSoftmax: row,
  unit: row, //                           a/‖a‖; a row of zeros stays
  cumsum: row, //                         the sum of an element and all before it
  order: { ...row, type: "int" }, //      where the largest is, the second largest …; equals keep their order, NaN first

  // Between axes
  take: { ...shape, arity: 2 }, //        the element of attrs.axis that an integer expression names
  segmentSum: { ...shape, arity: 2 }, //  sums attrs.axis into the bins of attrs.to that an integer expression names
  at: shape, //                           the element attrs.index of attrs.axis
  rename: shape, //                       attrs.axis is called attrs.to from here on
  stopGradient: shape, //                 the same value, constant to the gradient
  computedAs: { ...shape, arity: 2 }, //  the first is the formula people read, the second the same computed better
} as const satisfies Record<string, OpRow>;

export type Op = keyof typeof ops;
type OfArity<N> = {
  [K in Op]: (typeof ops)[K] extends { kind: "elementwise"; arity: N } ? K : never;
}[Op];
export type UnaryOp = OfArity<1>;
export type BinaryOp = OfArity<2>;
export type AxisOp = {
  [K in Op]: (typeof ops)[K] extends { kind: "reduce" | "row"; arity: 1 } ? K : never;
}[Op];

export const opNames = Object.keys(ops) as Op[];
/** Asked for at every turn, and a map finds a row sooner than an object of so many. */
export const rowOf: ReadonlyMap<Op, OpRow> = new Map<Op, OpRow>(opNames.map((op) => [op, ops[op]]));
/** The row of an op, seen as its general type. */
export const opRow = (op: Op): OpRow => rowOf.get(op)!;
