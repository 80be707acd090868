// Every function of the language that is more than an instruction, for either precision.

import type { Node } from "../assembler.ts";
import type { Lanes } from "../lanes.ts";
import { exp, expm1, expNonPositive, log1pUnit, sigmoid, softplus, tanh } from "./exponential.ts";
import { digamma, exprel, exprelNear, lgamma, trigamma } from "./gamma.ts";
import { geometric, log, log1mexp, log1p, logModerate, MODERATE, pow } from "./logarithm.ts";
import * as short from "./short.ts";
import { atan, atan2, cos, sin } from "./trigonometry.ts";

type Unary = (v: Lanes, a: Node) => Node;
type Binary = (v: Lanes, a: Node, b: Node) => Node;

/** float32 through float64: exact to the last bit, at a bit over twice the cost. */
const widened =
  (f: Unary): Unary =>
  (v, a) => {
    if (v.precision === "float64") return f(v, a);
    const [low, high] = v.widen(a);
    const w = v.wide();
    return v.narrow(f(w, low), f(w, high));
  };
const widened2 =
  (f: Binary): Binary =>
  (v, a, b) => {
    if (v.precision === "float64") return f(v, a, b);
    const [[aLow, aHigh], [bLow, bHigh]] = [v.widen(a), v.widen(b)];
    const w = v.wide();
    return v.narrow(f(w, aLow, bLow), f(w, aHigh, bHigh));
  };

type Function_ = (v: Lanes, ...args: readonly Node[]) => Node;
/** A function that is called: of so many instructions that a call is nothing beside them. */
const called =
  (name: string, f: Function_): Function_ =>
  (v, ...args) =>
    v.call(name, args, f);
/** A function that is written out where it is used, unless bytes are to be saved. */
const inline =
  (name: string, f: Function_): Function_ =>
  (v, ...args) =>
    v.pool.isCompact ? v.call(name, args, f) : f(v, ...args);

/** Two functions: the second where fewer digits are enough. */
const graded =
  (all: Unary, few: Unary): Unary =>
  (v, a) =>
    (v.grade === "short" ? few : all)(v, a);

export const math = {
  exp: inline("exp", graded(exp, short.exp)),
  /** For arguments that are known to be at most 0. */
  expNonPositive: inline("expNonPositive", graded(expNonPositive, short.expNonPositive)),
  expm1: inline("expm1", graded(expm1, short.expm1)),
  expm1NonPositive: inline("expm1NonPositive", graded(expm1, short.expm1NonPositive)),
  log: inline("log", graded(log, short.log)),
  /** For arguments that are known to lie between 0 and `MODERATE`. */
  logModerate: inline("logModerate", graded(logModerate, short.log)),
  MODERATE,
  log1p: inline("log1p", graded(log1p, short.log1p)),
  /** For arguments that are known to be at least 0. */
  log1pNonNegative: inline("log1pNonNegative", graded(log1p, short.log1pNonNegative)),
  /** For arguments that are known to lie between −½ and 1. */
  log1pUnit: inline("log1pUnit", graded(log1pUnit, short.log1pUnit)),
  log1mexp: inline("log1mexp", log1mexp),
  geometric: called("geometric", geometric),
  sigmoid: inline("sigmoid", sigmoid),
  softplus: inline("softplus", softplus),
  tanh: inline("tanh", tanh),
  sin: called("sin", widened(sin)),
  cos: called("cos", widened(cos)),
  atan: called("atan", widened(atan)),
  atan2: called("atan2", widened2(atan2)),
  pow: inline("pow", pow),
  lgamma: called("lgamma", widened(lgamma)),
  digamma: called("digamma", widened(digamma)),
  trigamma: called("trigamma", widened(trigamma)),
  /** For arguments that are known to lie between −1 and 1. */
  exprelNear: (v: Lanes, a: Node, order: number): Node =>
    exprelNear(v, a, order, v.precision === "float32" ? 10 : 18),
  exprel: (v: Lanes, a: Node, order: number): Node =>
    called(
      `exprel ${order}`,
      widened((w, x) => exprel(w, x, order, v.precision === "float32" ? 12 : 18)),
    )(v, a),
} as const;
