// Products and sums that differ in the order of their arguments. In: any expressions. Out: the same, in which b · a is
// written as the a · b that stands before it, so that what two directions of a loss share (a similarity) is one node.

import { type Expr, rebuild } from "../../language/expr.ts";
import type { Op } from "../../language/ops.ts";

const commutative: ReadonlySet<Op> = new Set<Op>(["add", "mul"]);

export function shareCommuted(roots: readonly Expr[]): Expr[] {
  const first = new Map<string, Expr>();
  return rebuild(roots, (expr) => {
    if (!commutative.has(expr.op)) return expr;
    const key = [expr.op, ...expr.args.map(({ id }) => id).sort((a, b) => a - b)].join(" ");
    const known = first.get(key) ?? expr;
    first.set(key, known);
    return known;
  });
}
