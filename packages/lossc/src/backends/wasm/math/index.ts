// Every function of the language that is more than an instruction, for either precision.

import type { Node } from "../assembler.ts";
import type { Lanes } from "../lanes.ts";
import { exp, expm1, expNonPositive, log1pUnit, sigmoid, softplus, tanh } from "./exponential.ts";
import { digamma, exprel, exprelNear, lgamma, trigamma } from "./gamma.ts";
import { log, log1mexp, log1p, pow } from "./logarithm.ts";
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

export const math = {
  exp,
  /** For arguments that are known to be at most 0. */
  expNonPositive,
  expm1,
  log,
  log1p,
  /** For arguments that are known to lie between 0 and 1. */
  log1pUnit,
  log1mexp,
  sigmoid,
  softplus,
  tanh,
  sin: widened(sin),
  cos: widened(cos),
  atan: widened(atan),
  atan2: widened2(atan2),
  pow,
  lgamma: widened(lgamma),
  digamma: widened(digamma),
  trigamma: widened(trigamma),
  /** For arguments that are known to lie between −1 and 1. */
  exprelNear: (v: Lanes, a: Node, order: number): Node =>
    exprelNear(v, a, order, v.precision === "float32" ? 10 : 18),
  exprel: (v: Lanes, a: Node, order: number): Node =>
    widened((w, x) => exprel(w, x, order, v.precision === "float32" ? 12 : 18))(v, a),
} as const;
