// Logits whose sign is known by their form: |x| and −|x|. What is made of one needs no choice between two halves of the line.

import type { Expr } from "../language/expr.ts";

/** |x|. */
export const isSize = (x: Expr): boolean => x.op === "abs";
/** −|x|. */
export const isSizeBelow = (x: Expr): boolean => x.op === "neg" && isSize(x.args[0]);
export const withoutSign = (x: Expr): Expr => (x.op === "neg" ? x.args[0] : x);

/** e to the −|x|, which never overflows. */
export function fading(x: Expr): Expr {
  const unsigned = withoutSign(x);
  return (isSize(unsigned) ? unsigned : unsigned.abs()).neg().exp();
}
